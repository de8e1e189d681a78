using System.Collections.Immutable;
using System.Diagnostics;
using QTrade.Markets;
using QTrade.Messages;

namespace QTrade.Cluster.Tests;

/// <summary>One fault that strikes one node of a cluster at a moment drawn from a seed, and what came of it.</summary>
internal sealed class FaultRun
{
    /// <summary>Until all shards of the struck node were answered by others.</summary>
    public const string PoolsElsewhere = "pools elsewhere";

    private readonly Fault _fault;
    private readonly List<(string What, TimeSpan Time)> _times = [];
    private ImmutableArray<PoolId> _pools;
    private Dictionary<PoolId, PositionVector> _shown = [];
    private long _struck;

    private FaultRun(FaultCluster cluster, Fault fault, string victim) => (Cluster, _fault, Victim) = (cluster, fault, victim);

    public FaultCluster Cluster { get; }

    public string Victim { get; }

    public NodeProcess Node => Cluster[Victim];

    /// <summary>What was recorded, in seconds since the strike unless it says otherwise.</summary>
    public IReadOnlyList<(string What, TimeSpan Time)> Times => _times;

    /// <summary>Waits for a moment, strikes, waits until all trade again, and holds what was journalled to the laws.</summary>
    public static async Task<FaultRun> StrikeAsync(FaultCluster cluster, Fault fault, Random draws)
    {
        ImmutableArray<string> names = cluster.Names;
        var run = new FaultRun(cluster, fault, names[draws.Next(names.Length)]);
        await cluster.DecidedAsync(draws.Next(1, 5));
        int updates = draws.Next(200), before = cluster.Books.Pools.Values.Sum(pool => (int)pool.Sequence);
        await cluster.UntilAsync(books => books.Pools.Values.Sum(pool => (int)pool.Sequence) >= before + updates, $"{updates} more updates");
        await run.StrikeAsync();
        return run;
    }

    public void Note(string what, TimeSpan time) => _times.Add((what, time));

    /// <summary>Waits until all that the struck node held is answered by others; that node writes nothing.</summary>
    public async Task AnsweredElsewhereAsync()
    {
        await Cluster.UntilAsync(_ => true, "the journal");
        await MeasuredAsync(PoolsElsewhere, Cluster.AnsweredAsync(_pools, Cluster.Books.Pools.ToDictionary(pool => pool.Key, pool => pool.Value.At)));
    }

    /// <summary>Waits until what the chain showed of the struck node's pools since the strike is answered: not by that node, which does not hear it.</summary>
    public Task ShownAnsweredElsewhereAsync() => MeasuredAsync(PoolsElsewhere, Cluster.AnsweredAsync(_pools, _shown));

    /// <summary>Waits until something is executed: on another node, where the struck one executed.</summary>
    public Task ExecutedElsewhereAsync() => MeasuredAsync("executed elsewhere", Cluster.ExecutedAsync());

    /// <summary>Waits until the struck node says that it trades no more, since its journal does not write.</summary>
    public Task HaltedByJournalAsync() => MeasuredAsync("halted", Node.UntilAsync(status =>
        status.GetProperty("tradingState").GetString() == "HALTED"
        && status.GetProperty("tradingStateReason").GetString()!.StartsWith("journal", StringComparison.Ordinal)));

    public override string ToString() =>
        FormattableString.Invariant($"{_fault.Name,-28} {Victim}  {string.Join(", ", Times.Select(time => FormattableString.Invariant($"{time.What} {time.Time.TotalSeconds:0.00} s")))}");

    private async Task StrikeAsync()
    {
        _pools = Cluster.PoolsOf(Victim);
        _shown = Cluster.Shown;
        _struck = Stopwatch.GetTimestamp();
        await _fault.StrikeAsync(this);
        _struck = Stopwatch.GetTimestamp();
        await MeasuredAsync("pools after mending", Cluster.AnsweredAsync([.. ClusterMarket.Market.Pools.Select(pool => pool.Id)], Cluster.Shown));
        await MeasuredAsync("executed after mending", Cluster.ExecutedAsync());
        await Cluster.SettleAsync();
        Note("settled", Stopwatch.GetElapsedTime(_struck));
    }

    private async Task MeasuredAsync(string what, Task happening)
    {
        await happening;
        Note(what, Stopwatch.GetElapsedTime(_struck));
    }
}
