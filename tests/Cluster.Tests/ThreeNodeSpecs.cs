using System.Text.Json;
using Xunit.Abstractions;

namespace QTrade.Cluster.Tests;

/// <summary>A cluster of real processes over a real broker and a real database, each with roles of its own.</summary>
[Collection(ClusterCollection.Name)]
public sealed class ThreeNodeSpecs(ITestOutputHelper output) : IDisposable
{
    private const int Seed = 1;

    private readonly List<NodeProcess> _nodes = [];
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

    public void Dispose()
    {
        foreach (NodeProcess node in _nodes) node.Dispose();
        _servers?.Dispose();
    }

    private NodeProcess Start(string name, string roles)
    {
        var node = new NodeProcess(name, roles, _servers!.Addresses, Seed);
        _nodes.Add(node);
        return node;
    }
}
