using System.Text.Json;
using QTrade.Node.Verbs;

namespace QTrade.Node.Tests.Verbs;

public sealed class SolveVerbSpecs : IDisposable
{
    private const string FivePools = "samples/five-pools.json";
    private const double FivePoolsProfit = 21.4998087636;
    private readonly ProgramRun _program = new();

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task A_market_is_answered_and_the_answer_is_verified()
    {
        ProgramAnswer solved = await _program.RunAsync("solve", FivePools, "--json");
        _program.Write("result.json", solved.Out);

        ProgramAnswer verified = await _program.RunAsync("verify", FivePools, "result.json");

        Assert.Equal((ExitCode.Done, ExitCode.Done), (solved.ExitCode, verified.ExitCode));
        using JsonDocument result = JsonDocument.Parse(solved.Out);
        Assert.Equal(FivePoolsProfit, result.RootElement.GetProperty("profit").GetDouble(), 1e-8);
        Assert.Equal("optimal", result.RootElement.GetProperty("status").GetString());
        Assert.True(result.RootElement.TryGetProperty("elapsedMs", out _));
        Assert.False(result.RootElement.TryGetProperty("explanation", out _));
    }

    [Fact]
    public async Task A_person_reads_profit_gap_and_trades()
    {
        ProgramAnswer answer = await _program.RunAsync("solve", FivePools);

        Assert.Contains("optimal, profit 21.499809 value units", answer.Out, StringComparison.Ordinal);
        Assert.Contains("certified gap", answer.Out, StringComparison.Ordinal);
        Assert.Contains(" -> ", answer.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_explanation_is_text_for_people_and_an_object_in_json_that_verify_passes_over()
    {
        ProgramAnswer text = await _program.RunAsync("solve", FivePools, "--explain");
        ProgramAnswer json = await _program.RunAsync("solve", FivePools, "--explain", "--json");
        _program.Write("result.json", json.Out);

        Assert.Contains("Tokens (dual price", text.Out, StringComparison.Ordinal);
        using JsonDocument result = JsonDocument.Parse(json.Out);
        JsonElement pools = result.RootElement.GetProperty("explanation").GetProperty("pools");
        Assert.Equal(result.RootElement.GetProperty("trades").GetArrayLength(), pools.GetArrayLength());
        Assert.Equal(1, pools.EnumerateArray().Sum(pool => pool.GetProperty("profitShare").GetDouble()), 1e-9);
        Assert.Equal(ExitCode.Done, (await _program.RunAsync("verify", FivePools, "result.json")).ExitCode);
    }

    [Fact]
    public async Task All_six_kinds_are_answered_and_explained()
    {
        ProgramAnswer solved = await _program.RunAsync("solve", "samples/six-kinds.json", "--json", "--explain");
        _program.Write("result.json", solved.Out);

        Assert.Equal(ExitCode.Done, solved.ExitCode);
        Assert.Equal(ExitCode.Done, (await _program.RunAsync("verify", "samples/six-kinds.json", "result.json")).ExitCode);
    }

    [Fact]
    public async Task The_arbitrage_format_has_a_column_per_pool_token()
    {
        ProgramAnswer answer = await _program.RunAsync("solve", FivePools, "--format", "arbitrage");

        using JsonDocument result = JsonDocument.Parse(answer.Out);
        Assert.Equal(5, result.RootElement.GetProperty("deltas").GetArrayLength());
        Assert.Equal(5, result.RootElement.GetProperty("aMatrices").GetArrayLength());
        Assert.Equal("optimal", result.RootElement.GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("{ \"format\": \"qtrade.market/1\" ", "market.json:1:")]
    [InlineData("{\"format\":\"qtrade.market/1\",\"name\":\"m\",\"tokens\":[{\"id\":\"A\",\"value\":1},{\"id\":\"B\",\"value\":1}],\"pools\":[{\"id\":\"p\",\"kind\":\"product\",\"tokens\":[\"A\",\"B\"],\"fee\":0,\"reserves\":[1,-1]}]}", "pool p, field reserves")]
    [InlineData("{\"format\":\"qtrade.market/1\",\"name\":\"m\",\"tokens\":[{\"id\":\"A\",\"value\":1},{\"id\":\"B\",\"value\":1}],\"pools\":[],\"limits\":{\"maxPools\":-1}}", "field limits.maxPools")]
    public async Task A_market_that_cannot_be_used_is_bad_input_in_one_line(string market, string expected)
    {
        _program.Write("market.json", market);

        ProgramAnswer answer = await _program.RunAsync("solve", "market.json", "--json");

        Assert.Equal(ExitCode.BadInput, answer.ExitCode);
        Assert.StartsWith("qtrade solve: ", answer.ErrorLine, StringComparison.Ordinal);
        Assert.Contains("market.json", answer.ErrorLine, StringComparison.Ordinal);
        Assert.Contains(expected, answer.ErrorLine, StringComparison.Ordinal);
        Assert.Empty(answer.Out);
    }

    [Fact]
    public async Task An_unknown_format_is_bad_input() =>
        Assert.Contains("write result or arbitrage", (await _program.RunAsync("solve", FivePools, "--format", "xml")).ErrorLine, StringComparison.Ordinal);
}
