using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using QTrade.Markets;
using QTrade.Messages.Pools;
using Xunit.Abstractions;

namespace QTrade.Cluster.Tests;

/// <summary>The node that the chain lives in is struck: another goes on from what the journal has of it.</summary>
[Collection(ClusterCollection.Name)]
public sealed class FeedSpecs(ITestOutputHelper output) : IDisposable
{
    private const int Seed = 1;

    /// <summary>Until pools move again after the feed's node was killed: the next reads the journal first.</summary>
    private static readonly TimeSpan KilledMax = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Still = TimeSpan.FromSeconds(1);

    private readonly SortedDictionary<string, NodeProcess> _nodes = new(StringComparer.Ordinal);
    private ClusterServers? _servers;
    private BooksReader? _reader;

    [ClusterFact]
    public async Task A_feed_that_is_killed_or_paused_is_followed_by_another_and_positions_only_grow()
    {
        _servers = new ClusterServers();
        _reader = new BooksReader(_servers);
        Start("f1", "feed");
        Start("f2", "feed");
        NodeProcess trading = Start("n1", "pools,router,optimizer,executor");
        await trading.UntilAsync(status => status.GetProperty("executed").GetInt64() > 0);

        string first = await FeedingAsync();
        await TakenOverAsync("killed", first, _nodes[first].KillAsync, KilledMax);
        Start(first, "feed");
        string second = await FeedingAsync();
        Assert.NotEqual(first, second);

        await TakenOverAsync("paused", second, _nodes[second].StopAsync, Timing.PausedMax);
        await _nodes[second].ContinueAsync();
        await StandsStillAsync(_nodes[second]);
        Assert.Equal(first, await FeedingAsync());
        await ExecutedAsync();
    }

    public void Dispose()
    {
        foreach (NodeProcess node in _nodes.Values) node.Dispose();
        _reader?.Dispose();
        _servers?.Dispose();
    }

    private NodeProcess Start(string name, string roles)
    {
        if (_nodes.Remove(name, out NodeProcess? before)) before.Dispose();
        return _nodes[name] = new NodeProcess(name, roles, _servers!.Addresses, Seed);
    }

    private static long Updates(JsonElement status) => status.GetProperty("updates").GetInt64();

    /// <summary>The node whose chain moves.</summary>
    private async Task<string> FeedingAsync() => await await Task.WhenAny(_nodes.Keys.Where(name => name[0] == 'f').Select(async name =>
    {
        long? before = null;
        await _nodes[name].UntilAsync(status =>
        {
            before ??= Updates(status);
            return Updates(status) > before;
        });
        return name;
    }));

    /// <summary>Its chain does not move for a second. What it said last may be from before it was paused, and says nothing of that.</summary>
    private static async Task StandsStillAsync(NodeProcess node)
    {
        double? known = null;
        (double Since, long Updates)? stands = null;
        await node.UntilAsync(status =>
        {
            double uptime = status.GetProperty("uptimeSeconds").GetDouble();
            if (uptime == (known ??= uptime)) return false;
            if (stands is not { } last || last.Updates != Updates(status)) stands = (uptime, Updates(status));
            return uptime - stands.Value.Since >= Still.TotalSeconds;
        });
    }

    private async Task TakenOverAsync(string how, string struck, Func<Task> strike, TimeSpan max)
    {
        NodeProcess other = _nodes.Values.Single(node => node.Name[0] == 'f' && node.Name != struck);
        await strike();
        (long started, MachineLoad load) = (Stopwatch.GetTimestamp(), MachineLoad.Now());
        long? before = null;
        await other.UntilAsync(status => Updates(status) > (before ??= Updates(status)));
        await _reader!.UntilAsync(_ => true, () => "the journal");
        ImmutableDictionary<PoolId, ReservesChanged> shown = _reader.Books.Pools.ToImmutableDictionary();
        await _reader.UntilAsync(
            books => books.Pools.Any(pool => shown.TryGetValue(pool.Key, out ReservesChanged? last) && pool.Value.Sequence > last.Sequence), () => "a pool to move");
        var followed = new Timing($"feed {how}, followed", Stopwatch.GetElapsedTime(started), max, load.Factor());
        output.WriteLine(followed.ToString());
        Assert.True(followed.IsWithin, followed.ToString());
        await ExecutedAsync();
    }

    private Task ExecutedAsync()
    {
        int before = _reader!.Books.Executed;
        return _reader.UntilAsync(books => books.Executed > before, () => "an executed trade");
    }
}
