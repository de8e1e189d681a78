using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using QTrade.Shared.Network;
using QTrade.Web.Admin;
using Xunit.Abstractions;

namespace QTrade.Cluster.Tests;

/// <summary>A cluster of real processes over a real broker and a real database, each with roles of its own.</summary>
[Collection(ClusterCollection.Name)]
public sealed class ThreeNodeSpecs(ITestOutputHelper output) : IDisposable
{
    private const int Seed = 1;

    private const string Added =
        """
        {
          "id": "added", "kind": "product", "fee": 0.003, "reserves": [1000000000, 150000000],
          "tokens": ["So11111111111111111111111111111111111111112", "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v"]
        }
        """;

    private readonly List<NodeProcess> _nodes = [];
    private readonly Dictionary<string, int> _ports = [];
    private ClusterServers? _servers;

    [ClusterFact]
    public async Task Three_nodes_with_roles_of_their_own_trade_and_leave_in_order()
    {
        output.WriteLine($"seed {Seed}");
        _servers = new ClusterServers();
        NodeProcess first = Start("n1", "feed,pools"), second = Start("n2", "pools,router"), third = Start("n3", "optimizer,executor");
        await third.UntilAsync(status => status.GetProperty("executed").GetInt64() > 0);
        JsonElement router = await second.UntilAsync(status => status.GetProperty("snapshots").GetProperty("handedOut").GetInt64() > 0);
        Assert.Equal(0, router.GetProperty("snapshots").GetProperty("difference").GetInt64());
        Assert.Equal(0, router.GetProperty("routes").GetProperty("difference").GetInt64());
        await AnyAnswersForAllAsync();
        foreach (NodeProcess node in new[] { second, third, first })
        {
            MachineLoad load = MachineLoad.Now();
            (int exitCode, TimeSpan time) = await node.LeaveAsync();
            var left = new Timing("left", time, Timing.LeaveMax, load.Factor());
            output.WriteLine($"{node.Name} {left}");
            Assert.True(exitCode == 0, node.Faults);
            Assert.True(left.IsWithin, left.ToString());
        }

        using var reader = new BooksReader(_servers);
        await reader.UntilAsync(_ => true, () => "the journal");
        ClusterBooks ended = reader.Books;
        output.WriteLine($"{ended.HandedOut} snapshots, {ended.Ended} ended, {ended.Open} open, {ended.Executed} trades executed");
        Assert.Equal([1], ended.Epochs);
        Assert.True(ended.Executed > 0);
    }

    /// <summary>Each is asked what only another has, and one of them adds a pool to all.</summary>
    private async Task AnyAnswersForAllAsync()
    {
        foreach (NodeProcess node in _nodes)
        {
            Assert.Equal("n2", (await DoneAsync(node, "router status")).Node);
            Assert.Equal("n3", (string?)(await DoneAsync(node, "executor list")).Result![0]!["node"]);
            Assert.Equal(3, ((JsonArray)(await DoneAsync(node, "cluster show")).Result!).Count);
            AdminAnswer why = await DoneAsync(node, "why");
            Assert.Null(why.Message);
        }

        Assert.Equal(AdminStatus.Done, (await AskAsync(_nodes[2], "pool add", ("pool", Added))).Status);
        foreach (NodeProcess node in _nodes) Assert.Equal("product", (string?)(await DoneAsync(node, "pool show", ("id", "added"))).Result!["kind"]);
        Assert.Equal(AdminStatus.No, (await AskAsync(_nodes[1], "pool add", ("pool", Added))).Status);
        Assert.Equal(AdminStatus.Done, (await AskAsync(_nodes[1], "pool retire", ("id", "added"))).Status);
    }

    /// <summary>Done, once the node has heard who acts and what there is.</summary>
    private async Task<AdminAnswer> DoneAsync(NodeProcess node, string command, params (string Name, string Value)[] arguments)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (true)
        {
            AdminAnswer answer = await AskAsync(node, command, arguments);
            if (answer.Status == AdminStatus.Done) return answer;
            if (patience.IsCancellationRequested) throw new TimeoutException($"{node.Name}: {command}: {answer.Message}");
        }
    }

    private async Task<AdminAnswer> AskAsync(NodeProcess node, string command, params (string Name, string Value)[] arguments)
    {
        using var client = new AdminClient($"127.0.0.1:{_ports[node.Name]}", null, TimeSpan.FromSeconds(20));
        return await client.AskAsync(
            new AdminRequest("1", null, command, arguments.ToImmutableSortedDictionary(argument => argument.Name, argument => argument.Value), "somebody"), CancellationToken.None);
    }

    public void Dispose()
    {
        foreach (NodeProcess node in _nodes) node.Dispose();
        _servers?.Dispose();
    }

    private NodeProcess Start(string name, string roles)
    {
        int port = FreePort.Choose();
        _ports.Add(name, port);
        var node = new NodeProcess(name, roles, _servers!.Addresses with { AdminPort = port }, Seed);
        _nodes.Add(node);
        return node;
    }
}
