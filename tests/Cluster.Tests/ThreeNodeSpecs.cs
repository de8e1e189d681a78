using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using QTrade.Markets;
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
    public async Task Three_nodes_trade_lose_one_with_kill_9_go_on_and_leave_in_order()
    {
        output.WriteLine($"seed {Seed}");
        _servers = new ClusterServers();
        NodeProcess first = Start("n1", "feed,pools"), second = Start("n2", "pools,router"), third = Start("n3", "optimizer,executor");
        JsonElement before = await third.UntilAsync(status => Executed(status) > 0);
        await second.UntilAsync(status => status.GetProperty("snapshots").GetProperty("handedOut").GetInt64() > 0);

        using var reader = new BooksReader(_servers);
        ImmutableArray<int> lost = ClusterMarket.ShardsOf("n2", "n1", "n2");
        Assert.NotEmpty(lost);
        await second.KillAsync();
        long killed = Stopwatch.GetTimestamp();
        Dictionary<PoolId, long> highest = [];
        await reader.UntilAsync(
            books =>
            {
                foreach (PoolId pool in lost.SelectMany(shard => ClusterMarket.PoolsByShard[shard]))
                    highest.TryAdd(pool, books.Pools.TryGetValue(pool, out var last) ? last.Sequence : 0);
                return lost.All(shard => ClusterMarket.PoolsByShard[shard].Any(pool => books.Pools[pool].Sequence > highest[pool]));
            },
            () => "the killed node's shards to be answered elsewhere");
        output.WriteLine($"{lost.Length} shards of the killed node answered elsewhere after {Stopwatch.GetElapsedTime(killed).TotalSeconds:0.00} s");

        NodeProcess again = Start("n2", "pools,router");
        await again.UntilAsync(status => status.GetProperty("snapshots").GetProperty("handedOut").GetInt64() > 0);
        await third.UntilAsync(status => Executed(status) > Executed(before));

        JsonElement router = await again.UntilAsync(_ => true);
        Assert.Equal(0, router.GetProperty("snapshots").GetProperty("difference").GetInt64());
        Assert.Equal(0, router.GetProperty("routes").GetProperty("difference").GetInt64());
        foreach (NodeProcess node in new[] { again, third, first })
        {
            (int exitCode, TimeSpan time) = await node.LeaveAsync();
            output.WriteLine($"left after {time.TotalSeconds:0.00} s");
            Assert.True(exitCode == 0, node.Faults);
        }

        await reader.UntilAsync(_ => true, () => "the journal");
        ClusterBooks ended = reader.Books;
        output.WriteLine($"{ended.HandedOut} snapshots, {ended.Ended} ended, {ended.Open} open, {ended.Executed} trades executed, epochs {string.Join(' ', ended.Epochs)}");
        Assert.Equal([1, 2], ended.Epochs);
        Assert.True(ended.Executed > 0);
    }

    public void Dispose()
    {
        foreach (NodeProcess node in _nodes) node.Dispose();
        _servers?.Dispose();
    }

    private static long Executed(JsonElement status) => status.GetProperty("executed").GetInt64();

    private NodeProcess Start(string name, string roles)
    {
        var node = new NodeProcess(name, roles, _servers!.Addresses, Seed);
        _nodes.Add(node);
        return node;
    }
}
