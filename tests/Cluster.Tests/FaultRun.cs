using System.Collections.Immutable;
using System.Diagnostics;
using QTrade.Markets;
using QTrade.Messages;
using QTrade.Messages.Execution;
using QTrade.Web.Admin;

namespace QTrade.Cluster.Tests;

/// <summary>One fault that strikes one node of a cluster at a moment drawn from a seed, and what came of it.</summary>
internal sealed class FaultRun
{
    /// <summary>Until all shards of the struck node were answered by others.</summary>
    public const string PoolsElsewhere = "pools elsewhere";

    private const int OrdersMax = 5;

    private readonly Fault _fault;
    private readonly List<Timing> _times = [];
    private ImmutableArray<PoolId> _pools;
    private Dictionary<PoolId, PositionVector> _shown = [];
    private long _struck;
    private MachineLoad _load = MachineLoad.Now();

    private FaultRun(FaultCluster cluster, Fault fault, string victim) => (Cluster, _fault, Victim) = (cluster, fault, victim);

    public FaultCluster Cluster { get; }

    public string Victim { get; }

    public NodeProcess Node => Cluster[Victim];

    /// <summary>What was recorded, in seconds since the strike unless it says otherwise.</summary>
    public IReadOnlyList<Timing> Times => _times;

    /// <summary>Waits for a moment, strikes, waits until all trade again, and holds what was journalled to the laws.</summary>
    public static async Task<FaultRun> StrikeAsync(FaultCluster cluster, Fault fault, Random draws)
    {
        ImmutableArray<string> names = cluster.Names;
        var run = new FaultRun(cluster, fault, names[draws.Next(names.Length)]);
        await cluster.DecidedAsync(draws.Next(1, 5));
        int updates = draws.Next(200), before = cluster.Books.Pools.Values.Sum(pool => (int)pool.Sequence);
        await cluster.UntilAsync(books => books.Pools.Values.Sum(pool => (int)pool.Sequence) >= before + updates, $"{updates} more updates");
        await run.StrikeAsync();
        Assert.True(run.Times.All(time => time.IsWithin), run.ToString());
        return run;
    }

    public void Note(string what, TimeSpan time, TimeSpan? max = null) => _times.Add(new Timing(what, time, max, _load.Factor()));

    /// <summary>Waits until all that the struck node held is answered by others; that node writes nothing.</summary>
    public async Task AnsweredElsewhereAsync(TimeSpan max)
    {
        await Cluster.UntilAsync(_ => true, "the journal");
        await MeasuredAsync(PoolsElsewhere, max, Cluster.AnsweredAsync(_pools, Cluster.Books.Pools.ToDictionary(pool => pool.Key, pool => pool.Value.At)));
    }

    /// <summary>Waits until what the chain showed of the struck node's pools since the strike is answered: not by that node, which does not hear it.</summary>
    public Task ShownAnsweredElsewhereAsync(TimeSpan max) => MeasuredAsync(PoolsElsewhere, max, Cluster.AnsweredAsync(_pools, _shown));

    /// <summary>Waits until something is executed: on another node, where the struck one executed.</summary>
    public Task ExecutedElsewhereAsync(TimeSpan max) => _fault.IsHalted ? Task.CompletedTask : MeasuredAsync("executed elsewhere", max, Cluster.ExecutedAsync());

    /// <summary>Waits until the struck node says that it trades no more, since its journal does not write.</summary>
    public Task HaltedByJournalAsync() => MeasuredAsync("halted", null, Node.UntilAsync(status =>
        status.GetProperty("tradingState").GetString() == "HALTED"
        && status.GetProperty("tradingStateReason").GetString()!.StartsWith("journal", StringComparison.Ordinal)));

    public override string ToString() =>
        $"{_fault.Name,-28} {Victim}  {string.Join(", ", Times)}";

    private async Task StrikeAsync()
    {
        if (_fault.IsHalted) await HaltAsync();
        _pools = Cluster.PoolsOf(Victim);
        _shown = Cluster.Shown;
        Begin();
        await _fault.StrikeAsync(this);
        Begin();
        await MeasuredAsync("pools after mending", null, Cluster.AnsweredAsync([.. ClusterMarket.Market.Pools.Select(pool => pool.Id)], Cluster.Shown));
        if (_fault.IsHalted) await ResumeAsync();
        await MeasuredAsync("executed after mending", null, Cluster.ExecutedAsync());
        await Cluster.SettleAsync();
        Note("settled", Stopwatch.GetElapsedTime(_struck));
    }

    private async Task HaltAsync()
    {
        await Cluster.ExecutedAsync();
        await OrderAsync(Cluster.Names[0], "executor halt", TradingState.Halted, _fault.Name);
    }

    /// <summary>Orders until it is said to be done, and waits until it is journalled: where the processors are taken an answer may come too late.</summary>
    private async Task OrderAsync(string node, string command, TradingState state, string reason)
    {
        for (int times = 0; times < OrdersMax && (await Cluster.OrderAsync(node, command, reason)).Status != AdminStatus.Done; times++)
        {
        }

        await Cluster.UntilAsync(books => books.States.LastOrDefault() is { } last && last.State == state && last.Detail == reason, $"{command} to be journalled");
    }

    /// <summary>Decisions go on behind the fault, the halt stands at every node, and the books refuse whatever is intended before somebody resumes.</summary>
    private async Task ResumeAsync()
    {
        await Cluster.DecidedAsync(2);
        foreach (string node in Cluster.Names) await Cluster.StateAsync(node, "halted");
        await Cluster.UntilAsync(_ => true, "the journal");
        Assert.Equal((TradingState.Halted, _fault.Name), (Cluster.Books.States[^1].State, Cluster.Books.States[^1].Detail));
        await OrderAsync(Victim, "executor resume", TradingState.Active, $"after {_fault.Name}");
    }

    private void Begin() => (_struck, _load) = (Stopwatch.GetTimestamp(), MachineLoad.Now());

    private async Task MeasuredAsync(string what, TimeSpan? max, Task happening)
    {
        await happening;
        Note(what, Stopwatch.GetElapsedTime(_struck), max);
    }
}
