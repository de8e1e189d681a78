using System.Net;
using System.Text.Json.Nodes;
using QTrade.Trading.Cluster;
using QTrade.Web.Admin;

namespace QTrade.Lighthouse.Tests;

public sealed class GatewaySpecs
{
    [Fact]
    public async Task Nodes_that_announce_themselves_are_shown_until_they_are_long_gone()
    {
        await using Beacon beacon = await Beacon.StartAsync();
        Assert.Contains("no node announced itself", (await beacon.AskAsync("cluster show")).Message, StringComparison.Ordinal);

        Assert.Equal(AdminStatus.Done, (await beacon.AnnounceAsync(Beacon.Node("node-1", "127.0.0.1:1"))).Status);
        AdminAnswer shown = await beacon.AskAsync("cluster show");
        JsonNode row = Assert.Single((JsonArray)shown.Result!)!;
        Assert.Equal(("node-1", "up", "pools executor", "0-2", "127.0.0.1:1"), ((string)row["node"]!, (string)row["state"]!, (string)row["roles"]!, (string)row["shards"]!, (string)row["address"]!));
        Assert.Equal("1 of 1 nodes are there", shown.Message);

        beacon.Clock.Advance(ClusterTiming.GoneAfter);
        Assert.Equal("gone", (await beacon.StatesAsync())["node-1"]);
        await beacon.AnnounceAsync(Beacon.Node("node-1", "127.0.0.1:1", number: 2) with { IsLeaving = true });
        Assert.Equal("leaving", (await beacon.StatesAsync())["node-1"]);
        beacon.Clock.Advance(ClusterView.ForgetAfter);
        Assert.Empty(await beacon.StatesAsync());
    }

    [Fact]
    public async Task A_request_reaches_the_node_that_it_names_with_who_asked()
    {
        await using Beacon beacon = await Beacon.StartAsync();
        await using ScriptedNode one = await ScriptedNode.StartAsync("node-1");
        await using ScriptedNode two = await ScriptedNode.StartAsync("node-2");
        await beacon.AnnounceAsync(Beacon.Node("node-1", one.Host));
        await beacon.AnnounceAsync(Beacon.Node("node-2", two.Host));

        AdminAnswer answer = await beacon.AskAsync("executor halt", "node-2");

        Assert.Equal(("42", "node-2", AdminStatus.Done), (answer.Id, answer.Node, answer.Status));
        AdminRequest asked = Assert.Single(two.Asked);
        Assert.Equal(("node-2", "executor halt", "me (127.0.0.1 by Lighthouse)"), (asked.Node, asked.Command, asked.User));
        Assert.Empty(one.Asked);

        var items = new List<string?>();
        await foreach (AdminAnswer item in beacon.WatchAsync("pool watch", "node-1", CancellationToken.None))
            items.Add(item.Message);
        Assert.Equal(["item 1", "item 2", "item 3"], items);
    }

    [Fact]
    public async Task Without_a_name_the_only_node_is_meant_and_of_several_one_must_be_named()
    {
        await using Beacon beacon = await Beacon.StartAsync();
        await using ScriptedNode one = await ScriptedNode.StartAsync("node-1");
        await beacon.AnnounceAsync(Beacon.Node("node-1", one.Host));
        Assert.Equal("node-1", (await beacon.AskAsync("why")).Node);

        await beacon.AnnounceAsync(Beacon.Node("node-2", "127.0.0.1:1"));
        AdminAnswer answer = await beacon.AskAsync("cluster leave");
        Assert.Equal(AdminStatus.Bad, answer.Status);
        Assert.Equal("name a node with --node: there are node-1, node-2", answer.Message);
        Assert.Equal("why", Assert.Single(one.Asked).Command);
    }

    [Fact]
    public async Task A_node_that_is_unknown_gone_or_does_not_answer_is_said_so()
    {
        await using Beacon beacon = await Beacon.StartAsync();
        await beacon.AnnounceAsync(Beacon.Node("node-1", "127.0.0.1:1"));

        Assert.Equal(AdminStatus.No, (await beacon.AskAsync("why", "node-9")).Status);
        AdminAnswer unreached = await beacon.AskAsync("why", "node-1");
        Assert.Equal(AdminStatus.Failed, unreached.Status);
        Assert.Contains("127.0.0.1:1", unreached.Message, StringComparison.Ordinal);
        beacon.Clock.Advance(TimeSpan.FromSeconds(7));
        Assert.Contains("was not heard for 7 s", (await beacon.AskAsync("why", "node-1")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Down_ends_a_node_that_answers_and_forgets_one_that_does_not()
    {
        await using Beacon beacon = await Beacon.StartAsync();
        await using ScriptedNode one = await ScriptedNode.StartAsync("node-1");
        await beacon.AnnounceAsync(Beacon.Node("node-1", one.Host));
        await beacon.AnnounceAsync(Beacon.Node("node-2", "127.0.0.1:1"));

        Assert.Equal("node-1 heard cluster down", (await beacon.AskAsync("cluster down", name: "node-1")).Message);
        Assert.Equal("node-1", Assert.Single(one.Asked)["name"]);
        AdminAnswer forgotten = await beacon.AskAsync("cluster down", name: "node-2");
        Assert.Equal((AdminStatus.Done, "lighthouse"), (forgotten.Status, forgotten.Node));
        Assert.DoesNotContain("node-2", (await beacon.StatesAsync()).Keys);
        Assert.Equal(AdminStatus.No, (await beacon.AskAsync("cluster down", name: "node-3")).Status);
    }

    [Fact]
    public async Task Two_processes_under_one_name_are_told_apart()
    {
        await using Beacon beacon = await Beacon.StartAsync();
        await beacon.AnnounceAsync(Beacon.Node("node-1", "127.0.0.1:1", incarnation: 2));

        AdminAnswer answer = await beacon.AnnounceAsync(Beacon.Node("node-1", "127.0.0.1:2", incarnation: 1));
        Assert.Equal(AdminStatus.No, answer.Status);
        Assert.Contains("another process announces itself as 'node-1' from 127.0.0.1:1", answer.Message, StringComparison.Ordinal);
        Assert.Equal(AdminStatus.No, (await beacon.AnnounceAsync(Beacon.Node("lighthouse", "127.0.0.1:2"))).Status);
    }

    [Theory]
    [InlineData("1", "AAAA")]
    [InlineData("1", "not base 64!")]
    [InlineData("9", "")]
    [InlineData("x", "")]
    [InlineData(null, null)]
    public async Task Bytes_that_are_no_announcement_are_refused(string? version, string? bytes)
    {
        await using Beacon beacon = await Beacon.StartAsync();
        using var client = new AdminClient(beacon.Host, null, TimeSpan.FromSeconds(30));
        AdminRequest request = AnnouncementRequest.Of(Beacon.Node("node-1", "127.0.0.1:1"));
        request = request with { Arguments = request.Arguments.Clear() };
        if (version is not null && bytes is not null)
            request = request with { Arguments = request.Arguments.Add("version", version).Add("bytes", bytes) };

        Assert.Equal(AdminStatus.Bad, (await client.AskAsync(request, CancellationToken.None)).Status);
        Assert.Equal(AdminStatus.No, (await beacon.AnnounceAsync(Beacon.Node("node-1", "http://elsewhere/x"))).Status);
        Assert.Empty(await beacon.StatesAsync());
    }

    [Fact]
    public async Task With_a_token_nobody_announces_or_asks_without_it_and_nodes_are_shown_it()
    {
        Assert.True(AdminToken.TryRead(null, "0123456789abcdef-secret", out AdminToken? token, out _));
        await using Beacon beacon = await Beacon.StartAsync(token);
        await using ScriptedNode one = await ScriptedNode.StartAsync("node-1", token);
        using var stranger = new AdminClient(beacon.Host, null, TimeSpan.FromSeconds(30));

        AdminAnswer refused = await stranger.AskAsync(AnnouncementRequest.Of(Beacon.Node("node-1", one.Host)), CancellationToken.None);
        Assert.Contains("a token is needed", refused.Message, StringComparison.Ordinal);
        Assert.Empty(await beacon.StatesAsync());

        await beacon.AnnounceAsync(Beacon.Node("node-1", one.Host));
        Assert.Equal("node-1 heard why", (await beacon.AskAsync("why")).Message);
    }

    [Fact]
    public async Task Probes_are_answered_without_a_token()
    {
        Assert.True(AdminToken.TryRead(null, "0123456789abcdef-secret", out AdminToken? token, out _));
        await using Beacon beacon = await Beacon.StartAsync(token);
        using var http = new HttpClient();

        foreach (string path in new[] { AdminProtocol.LivePath, AdminProtocol.ReadyPath })
        {
            using HttpResponseMessage answer = await http.GetAsync(new Uri($"http://{beacon.Host}{path}"));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }
}
