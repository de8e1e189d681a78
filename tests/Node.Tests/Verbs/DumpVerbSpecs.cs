using System.Globalization;
using System.Text.Json;
using QTrade.Markets.Files;
using QTrade.Node.Verbs;
using QTrade.Shared;

namespace QTrade.Node.Tests.Verbs;

/// <summary><c>qtrade quote</c> and <c>qtrade import</c> on real accounts, as a person or a script calls them.</summary>
public sealed class DumpVerbSpecs : IDisposable
{
    private const string Snapshot = "solana/fixtures/orca-whirlpool-snapshot-185759999.csv.gz";
    private const string SolUsdc = "7qbRF6YsyGuLUVs6Y1q64bdVrfe4ZcUUz1JRdoVNUJnm";
    private const string Sol = "So11111111111111111111111111111111111111112";

    // What is known of the two ends of its price: every pool of the reference market, and those out of range that take part.
    private const int ImportedPools = 451;

    private readonly ProgramRun _program = new();

    public void Dispose() => _program.Dispose();

    [SharedFact]
    public async Task A_batch_answers_each_request_as_the_program_did()
    {
        var vectors = Vectors();
        var requests = new List<string>();
        foreach (var vector in vectors)
        {
            var (from, _) = await MintsAsync(vector);
            requests.Add(JsonSerializer.Serialize(new { pool = Text(vector, "pool"), from, exactIn = Text(vector, "amountIn") }));
        }

        string file = _program.Write("requests.jsonl", string.Join('\n', requests) + "\n");
        ProgramAnswer answer = await _program.RunAsync("quote", SharedFiles.At(Snapshot), "--batch", file);

        Assert.Equal((ExitCode.Done, ""), (answer.ExitCode, answer.Error));
        string[] lines = answer.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(vectors.Length, lines.Length);
        for (var i = 0; i < vectors.Length; i++)
        {
            using JsonDocument quote = JsonDocument.Parse(lines[i]);
            Assert.True(
                vectors[i].TryGetProperty("error", out _)
                    ? quote.RootElement.GetProperty("error").GetString()!.Length > 0
                    : Text(quote.RootElement, "amountOut") == Text(vectors[i], "amountOut"),
                $"{requests[i]} -> {lines[i]}");
            Assert.False(quote.RootElement.TryGetProperty("slot", out _), "nobody told a slot");
        }
    }

    [SharedFact]
    public async Task A_swap_is_quoted_in_one_line_and_refused_in_one()
    {
        string dump = SharedFiles.At(Snapshot);
        ProgramAnswer quoted = await _program.RunAsync("quote", dump, "--pool", SolUsdc, "--from", Sol, "--exact-in", "1000000");
        ProgramAnswer wanted = await _program.RunAsync("quote", dump, "--pool", SolUsdc, "--from", Sol, "--exact-out", "20836", "--slot", "185759999", "--json");
        ProgramAnswer unknown = await _program.RunAsync("quote", dump, "--pool", Sol, "--from", Sol, "--exact-in", "1");
        ProgramAnswer wrong = await _program.RunAsync("quote", dump, "--pool", SolUsdc, "--from", "xx", "--exact-in", "1");

        Assert.Equal(ExitCode.Done, quoted.ExitCode);
        Assert.StartsWith($"1000000 {Sol} -> 20836 ", quoted.Out, StringComparison.Ordinal);
        using JsonDocument least = JsonDocument.Parse(wanted.Out);
        Assert.Equal(("999981", "20836", 185759999), (Text(least.RootElement, "amountIn"), Text(least.RootElement, "amountOut"), least.RootElement.GetProperty("slot").GetInt64()));
        Assert.Equal((ExitCode.No, 1), (unknown.ExitCode, unknown.Out.TrimEnd().Split('\n').Length));
        Assert.Equal((ExitCode.BadInput, "qtrade quote: from is 'xx'"), (wrong.ExitCode, wrong.Error[..26]));
    }

    [SharedFact]
    public async Task A_snapshot_becomes_a_market_that_solves_to_the_bound_known()
    {
        string market = Path.Combine(_program.Folder, "market.json");
        ProgramAnswer imported = await _program.RunAsync("import", SharedFiles.At(Snapshot), market);
        ProgramAnswer solved = await _program.RunAsync("solve", market, "--json");

        Assert.Equal((ExitCode.Done, ""), (imported.ExitCode, imported.Error));
        Assert.DoesNotContain("at slot", imported.Out, StringComparison.Ordinal);
        Assert.True(MarketFile.TryReadFile(market, out var read, out _, out var error), $"{error}");
        Assert.Equal(ImportedPools, read.Pools.Length);
        using JsonDocument result = JsonDocument.Parse(solved.Out);
        Assert.Equal("optimal", result.RootElement.GetProperty("status").GetString());
        Assert.Equal(57.361057649, result.RootElement.GetProperty("upperBound").GetDouble(), 1e-8);
    }

    [SharedFact]
    public async Task An_import_is_told_in_json_and_refused_in_a_line_where_it_cannot_write()
    {
        string dump = SharedFiles.At("solana/fixtures/raydium-amm-v4"), market = Path.Combine(_program.Folder, "one.json");
        ProgramAnswer told = await _program.RunAsync("import", dump, market, "--json");
        ProgramAnswer plain = await _program.RunAsync("import", dump, market);
        ProgramAnswer lost = await _program.RunAsync("import", dump, Path.Combine(_program.Folder, "nowhere", "one.json"));

        Assert.Equal((ExitCode.Done, ""), (told.ExitCode, told.Error));
        using JsonDocument report = JsonDocument.Parse(told.Out);
        Assert.Equal((market, 1, 2), (Text(report.RootElement, "market"), report.RootElement.GetProperty("pools").GetInt32(), report.RootElement.GetProperty("tokens").GetInt32()));
        JsonElement value = Assert.Single(report.RootElement.GetProperty("values").EnumerateArray().ToArray());
        Assert.Equal((Sol, "SOL"), (Text(value, "mint"), Text(value, "symbol")));
        Assert.Empty(report.RootElement.GetProperty("refused").EnumerateObject());
        Assert.DoesNotContain("left out", plain.Out, StringComparison.Ordinal);
        Assert.Equal((ExitCode.Failed, 1), (lost.ExitCode, lost.Error.TrimEnd().Split('\n').Length));
        Assert.Contains("one.json: cannot be written", lost.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"pool\":1", "is needed, in JSON")]
    [InlineData("[]", "is needed, in JSON")]
    [InlineData("{\"pool\":\"\\ud800\",\"from\":\"x\",\"exactIn\":1}", "is needed, in JSON")]
    [InlineData("{\"pool\":\"So11111111111111111111111111111111111111112\",\"from\":\"So11111111111111111111111111111111111111112\",\"exactIn\":\"many\"}", "many")]
    public async Task A_line_that_is_no_request_is_answered_in_its_place(string line, string why)
    {
        string folder = Directory.CreateDirectory(Path.Combine(_program.Folder, "accounts")).FullName;
        File.WriteAllText(
            Path.Combine(folder, "one.json"),
            $$$"""{"pubkey":"{{{Sol}}}","account":{"lamports":1,"data":["","base64"],"owner":"11111111111111111111111111111111","executable":false,"rentEpoch":0}}""");
        string file = _program.Write("requests.jsonl", line + "\n");

        ProgramAnswer answer = await _program.RunAsync("quote", folder, "--batch", file);

        Assert.Equal(ExitCode.BadInput, answer.ExitCode);
        using JsonDocument only = JsonDocument.Parse(answer.Out);
        Assert.Contains(why, Text(only.RootElement, "error"), StringComparison.Ordinal);
        Assert.Contains("1 of 1 lines", answer.Error, StringComparison.Ordinal);
    }

    /// <summary>One vector of each pool, those that the program refused among them.</summary>
    private static JsonElement[] Vectors()
    {
        using JsonDocument file = JsonDocument.Parse(File.ReadAllText(SharedFiles.At("solana/vectors/orca_whirlpool_185759999.json")));
        JsonElement[] all = [.. file.RootElement.GetProperty("vectors").EnumerateArray().Select(vector => vector.Clone())];
        return [.. all.Where((_, index) => index % 9 == 0)];
    }

    private Dictionary<string, (string A, string B)>? _mints;

    /// <summary>The mint that goes in and the one that comes out; the market that is imported names a pool's mints in their order.</summary>
    private async Task<(string In, string Out)> MintsAsync(JsonElement vector)
    {
        if (_mints is null)
        {
            string market = Path.Combine(_program.Folder, "mints.json");
            await _program.RunAsync("import", SharedFiles.At(Snapshot), market);
            Assert.True(MarketFile.TryReadFile(market, out var read, out _, out var error), $"{error}");
            _mints = read.Pools.ToDictionary(pool => pool.Id.ToString(), pool => (pool.Tokens[0].ToString(), pool.Tokens[1].ToString()));
        }

        var (a, b) = _mints[Text(vector, "pool")];
        return vector.GetProperty("aToB").GetBoolean() ? (a, b) : (b, a);
    }

    private static string Text(JsonElement of, string name)
    {
        JsonElement value = of.GetProperty(name);
        return value.ValueKind == JsonValueKind.Number ? value.GetInt64().ToString(CultureInfo.InvariantCulture) : value.GetString()!;
    }
}
