using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using QTrade.Markets;
using QTrade.Markets.Files;
using QTrade.Messages;
using QTrade.Node.Journal.Postgres;
using QTrade.Trading.Cluster;
using Xunit.Abstractions;

namespace QTrade.Cluster.Tests;

/// <summary>A cluster of real processes over a real broker and a real database.</summary>
public sealed class ThreeNodeSpecs(ITestOutputHelper output) : IDisposable
{
    private const int Seed = 1;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(20);

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

        using PostgresReading journal = Read();
        ImmutableArray<int> lost = [.. PoolsByShard.Where(shard => Shards.OwnerOf(shard.Key, ["n1", "n2"]) == "n2").Select(shard => shard.Key)];
        Assert.NotEmpty(lost);
        second.Kill();
        long killed = Stopwatch.GetTimestamp();
        Dictionary<PoolId, long> highest = lost.SelectMany(shard => PoolsByShard[shard]).ToDictionary(pool => pool, journal.Highest);
        await Eventually(() => lost.All(shard => PoolsByShard[shard].Any(pool => journal.Highest(pool) > highest[pool])));
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

        var books = new ClusterBooks(journal.Journal);
        output.WriteLine($"{books.HandedOut} snapshots, {books.Ended} ended, {books.Open} open, {books.Executed} trades executed, epochs {string.Join(' ', books.Epochs)}");
        Assert.Equal([1, 2], books.Epochs);
        Assert.True(books.Executed > 0);
    }

    public void Dispose()
    {
        foreach (NodeProcess node in _nodes) node.Dispose();
        _servers?.Dispose();
    }

    private static ImmutableSortedDictionary<int, ImmutableArray<PoolId>> PoolsByShard { get; } =
        MarketFile.TryReadFile(Path.Combine(AppContext.BaseDirectory, "samples", "orca-185759999.json"), out Market? market, out _, out MarketFileError? fault)
            ? market.Pools.GroupBy(pool => Shards.Of(pool.Id)).ToImmutableSortedDictionary(shard => shard.Key, shard => shard.Select(pool => pool.Id).ToImmutableArray())
            : throw new InvalidOperationException(fault.ToString());

    private static long Executed(JsonElement status) => status.GetProperty("executed").GetInt64();

    private static async Task Eventually(Func<bool> isSo)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!isSo())
            await Task.Delay(LookEvery, patience.Token);
    }

    private NodeProcess Start(string name, string roles)
    {
        var node = new NodeProcess(name, roles, _servers!, Seed);
        _nodes.Add(node);
        return node;
    }

    private PostgresReading Read()
    {
        var options = new PostgresJournalOptions { Connection = _servers!.Postgres.Connection, Password = _servers.Postgres.Password, Create = false, Alone = false };
        return PostgresJournal.TryOpen(options, TimeProvider.System, null, out PostgresJournal? journal, out string? refusal)
            ? new PostgresReading(journal)
            : throw new InvalidOperationException(refusal);
    }

    /// <summary>Reads beside the nodes.</summary>
    private sealed class PostgresReading(PostgresJournal journal) : IDisposable
    {
        public PostgresJournal Journal => journal;

        public long Highest(PoolId pool) => journal.HighestSequenceNumber(PersistenceIds.Pool(pool));

        // Nothing waits to be written: its disposal ends at once.
        public void Dispose() => journal.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
