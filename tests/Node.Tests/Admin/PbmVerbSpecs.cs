using System.Text.Json;
using QTrade.Node.Tests.Verbs;
using QTrade.Node.Verbs;

namespace QTrade.Node.Tests.Admin;

public sealed class PbmVerbSpecs(AdminNode node) : IClassFixture<AdminNode>
{
    [Theory]
    [InlineData("cluster show", "a node by itself", "node")]
    [InlineData("actor hierarchy", "/node/executor", "path")]
    [InlineData("actor hierarchy /node/pools --depth 1", "/node/pools/", "path")]
    [InlineData("actor show /node/router", "latencyMeanMs", "latencyMeanMs")]
    [InlineData("pool list", "product", "pool")]
    [InlineData("pool show product", "reserves", "reserves")]
    [InlineData("router status", "minInterval", "epoch")]
    [InlineData("router solve", "solved", "gap")]
    [InlineData("queue show", "outstandingMax", "outstanding")]
    [InlineData("executor list", "paper", "state")]
    [InlineData("executor limits", "maxNotional", "maxLoss")]
    [InlineData("journal tail --count 5", "manifest", "ordinal")]
    [InlineData("journal tail --entity router", "router.", "sequence")]
    [InlineData("journal show 1", "event.", "event")]
    [InlineData("why --count 3", "trading", "last")]
    [InlineData("pool watch product --items 1", "product", "price")]
    [InlineData("journal tail --follow --count 3 --items 3", ".", "says")]
    public async Task Every_command_answers_people_and_programs(string line, string said, string field)
    {
        ProgramAnswer text = await node.PbmAsync(line.Split(' '));
        ProgramAnswer json = await node.PbmAsync([.. line.Split(' '), "--json"]);

        Assert.Equal((ExitCode.Done, ""), (text.ExitCode, text.Error));
        Assert.Contains(said, text.Out, StringComparison.Ordinal);
        Assert.Equal((ExitCode.Done, ""), (json.ExitCode, json.Error));
        using JsonDocument answer = JsonDocument.Parse(json.Out.Split('\n')[0]);
        Assert.Equal(("here", "done"), (answer.RootElement.GetProperty("node").GetString(), answer.RootElement.GetProperty("status").GetString()));
        JsonElement result = answer.RootElement.GetProperty("result");
        Assert.True((result.ValueKind == JsonValueKind.Array ? result[0] : result).TryGetProperty(field, out _), json.Out);
    }

    [Fact]
    public async Task Every_kind_of_event_is_shown_with_its_fields()
    {
        await node.PbmAsync("executor", "limits", "--error-streak", "11");
        foreach (var kind in node.Journal.ReadAll(0).ToList().DistinctBy(stored => stored.Data.Manifest))
        {
            ProgramAnswer answer = await node.PbmAsync("journal", "show", kind.Ordinal.ToString(), "--json");

            using JsonDocument shown = JsonDocument.Parse(answer.Out);
            JsonElement result = shown.RootElement.GetProperty("result");
            Assert.Equal(kind.Data.Manifest, result.GetProperty("manifest").GetString());
            Assert.NotEmpty(result.GetProperty("event").EnumerateObject());
        }
    }

    [Theory]
    [InlineData("cluster down node-2", ExitCode.No, "'node-2' is not known: 'here' is a node by itself")]
    [InlineData("--node there cluster show", ExitCode.No, "no node 'there' here")]
    [InlineData("pool show prodct", ExitCode.No, "did you mean 'product'?")]
    [InlineData("actor show /node/ruter", ExitCode.No, "did you mean '/node/router'?")]
    [InlineData("pool retire none", ExitCode.No, "there is no pool 'none'")]
    [InlineData("journal show 999999999", ExitCode.No, "there is no event 999999999")]
    [InlineData("journal tail --entity nobody", ExitCode.No, "entities are router, executor")]
    [InlineData("journal show x", ExitCode.BadInput, "a whole number from 1")]
    [InlineData("why --count 0", ExitCode.BadInput, "a whole number from 1 to 200")]
    [InlineData("executor limits --max-loss -1", ExitCode.BadInput, "a number of at least 0")]
    [InlineData("executor limits --max-loss 50,5", ExitCode.BadInput, "a number of at least 0")]
    [InlineData("pool add none.json", ExitCode.BadInput, "none.json: cannot be read")]
    [InlineData("excutor halt", ExitCode.BadInput, "there is no command 'excutor'; did you mean 'executor'?")]
    [InlineData("executor hlt", ExitCode.BadInput, "did you mean 'halt'?")]
    [InlineData("executor halt --resaon x", ExitCode.BadInput, "did you mean '--reason'?")]
    public async Task What_is_no_or_wrong_is_one_line(string line, int exitCode, string expected)
    {
        ProgramAnswer answer = await node.PbmAsync(line.Split(' '));

        Assert.Equal(exitCode, answer.ExitCode);
        Assert.Contains(expected, answer.ErrorLine, StringComparison.Ordinal);
        Assert.Empty(answer.Out);
    }

    [Fact]
    public async Task Where_no_node_listens_one_line_says_what_to_do()
    {
        using var program = new ProgramRun();

        ProgramAnswer answer = await program.RunAsync("pbm", "--host", "127.0.0.1:1", "why");

        Assert.Equal(ExitCode.Failed, answer.ExitCode);
        Assert.Contains("no node listens at 127.0.0.1:1: start one with qtrade run", answer.ErrorLine, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense:x")]
    [InlineData("http://127.0.0.1:9110")]
    [InlineData("127.0.0.1:9110/why")]
    public async Task What_is_no_host_is_bad_input(string host)
    {
        using var program = new ProgramRun();

        ProgramAnswer answer = await program.RunAsync("pbm", "why", "--host", host);

        Assert.Equal(ExitCode.BadInput, answer.ExitCode);
        Assert.Contains("write HOST or HOST:PORT", answer.ErrorLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_names_every_command()
    {
        ProgramAnswer answer = await node.PbmAsync("help");

        Assert.Equal(ExitCode.Done, answer.ExitCode);
        foreach (string command in new[] { "cluster show", "cluster leave", "actor hierarchy", "pool watch", "router solve", "queue show", "executor halt", "journal tail", "why" })
            Assert.Contains($"qtrade pbm {command}", answer.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pool_is_added_traded_and_retired_while_the_node_runs()
    {
        string file = node.Write("new.json", """{ "id": "new", "kind": "product", "tokens": ["A", "B"], "fee": 0.003, "reserves": [1000, 5000] }""");

        ProgramAnswer added = await node.PbmAsync("pool", "add", file);
        ProgramAnswer seen = await node.PbmAsync("pool", "watch", "new", "--items", "1");
        ProgramAnswer retired = await node.PbmAsync("pool", "retire", "new");
        ProgramAnswer shown = await node.PbmAsync("pool", "show", "new");
        ProgramAnswer again = await node.PbmAsync("pool", "retire", "new");

        Assert.Equal((ExitCode.Done, ""), (added.ExitCode, added.Error));
        Assert.Contains("product", seen.Out, StringComparison.Ordinal);
        Assert.Equal((ExitCode.Done, ""), (retired.ExitCode, retired.Error));
        Assert.Contains("retired", shown.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCode.No, again.ExitCode);
        Assert.Contains("is retired already", again.ErrorLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fees_of_a_token_are_shown_where_a_pool_has_them()
    {
        string file = node.Write("taxed.json", """{ "id": "taxed", "kind": "product", "tokens": ["A", "B"], "fee": 0.003, "tokenFeesOut": [0, 0.0625], "reserves": [1000, 5000] }""");

        ProgramAnswer added = await node.PbmAsync("pool", "add", file);
        ProgramAnswer shown = await node.PbmAsync("pool", "show", "taxed");
        ProgramAnswer told = await node.PbmAsync("journal", "tail", "--entity", "config/taxed");

        Assert.Equal((ExitCode.Done, ""), (added.ExitCode, added.Error));
        Assert.Contains("0, 0.0625", shown.Out.Split('\n').Single(line => line.StartsWith("tokenFeesOut ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.DoesNotContain("tokenFees ", shown.Out, StringComparison.Ordinal);
        Assert.Contains("product A/B, fee 0.003, token fees out 0/0.0625", told.Out, StringComparison.Ordinal);
        await node.PbmAsync("pool", "retire", "taxed");
    }

    [Theory]
    [InlineData("{ \"id\": \"bad\", \"kind\": \"product\",\n \"tokens\": [\"A\", \"Z\"], \"fee\": 0.003, \"reserves\": [1, 2] }", "field tokens[1]: 'Z' is not a token")]
    [InlineData("{ \"id\": \"bad\", \"kind\": \"product\",\n\n \"tokens\": [\"A\", \"B\"], \"fee\": 2, \"reserves\": [1, 2] }", "pool bad, field fee")]
    [InlineData("[]", "a pool is a JSON object")]
    [InlineData("{ \"id\": ", "not JSON")]
    public async Task A_pool_that_is_none_is_refused_with_its_field(string text, string expected)
    {
        ProgramAnswer answer = await node.PbmAsync("pool", "add", node.Write("bad.json", text));

        Assert.Equal(ExitCode.BadInput, answer.ExitCode);
        Assert.Contains("bad.json", answer.ErrorLine, StringComparison.Ordinal);
        Assert.Contains(expected, answer.ErrorLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Leaving_is_asked_of_the_node()
    {
        await using var leaving = await StartedAsync();

        ProgramAnswer answer = await leaving.Node.PbmAsync("cluster", "leave");

        Assert.Equal(ExitCode.Done, answer.ExitCode);
        Assert.True(leaving.Node.Left);
    }

    [Theory]
    [InlineData("lighthouse", "lighthouse:9110")]
    [InlineData("lighthouse:9111", "lighthouse:9111")]
    [InlineData("[::1]", "[::1]:9110")]
    [InlineData("[::1]:9111", "[::1]:9111")]
    public void A_host_without_a_port_means_the_default_port(string host, string asked) => Assert.Equal(asked, PbmVerb.WithPort(host));

    [Fact]
    public async Task A_node_that_is_ended_stops_without_draining()
    {
        await using var ended = await StartedAsync();

        ProgramAnswer answer = await ended.Node.PbmAsync("cluster", "down", "here");

        Assert.Equal(ExitCode.Done, answer.ExitCode);
        Assert.Contains("ends without draining", answer.Out, StringComparison.Ordinal);
        Assert.True(ended.Node.Left && ended.Node.Ended);
    }

    private static async Task<Started> StartedAsync()
    {
        var started = new AdminNode();
        await started.InitializeAsync();
        return new Started(started);
    }

    private sealed record Started(AdminNode Node) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Node.DisposeAsync();
            Node.Dispose();
        }
    }
}
