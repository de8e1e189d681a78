using QTrade.Actors.Journal;
using QTrade.Actors.Scheduling;
using QTrade.Markets;
using QTrade.Messages.Routing;
using QTrade.Node.Configuration;

namespace QTrade.Node.Tests.EndToEnd;

/// <summary>A node in virtual time over a journal in memory, and everything that it has solved.</summary>
internal sealed class SimulatedNode : IDisposable
{
    private readonly Dictionary<SnapshotId, Market> _solved = [];
    private readonly LineLog _log = new();

    public SimulatedNode(Market market, NodeOptions options, ulong seed = 1, InMemoryJournal? found = null, Func<SolveSnapshot, SnapshotSolved>? solve = null)
    {
        Scheduler = new SimulationScheduler(seed);
        Journal = found?.Crash(Scheduler.Time) ?? new InMemoryJournal(Scheduler.Time, TimeSpan.FromMilliseconds(2));
        Laws = new LawsOfTheJournal(id => _solved[id]) { Verifies = false };
        Laws.Read(Journal);
        Laws.Verifies = true;
        Held = new HeldJournal(Journal);
        Node = TradingNode.Start(new TradingNodeSetup
        {
            Options = options,
            Market = market,
            Scheduler = Scheduler,
            Journal = Held,
            EventsCommitted = () => Journal.Count,
            Log = _log,
            Solve = snapshot =>
            {
                _solved[snapshot.SnapshotId] = snapshot.Market;
                LastSolved = snapshot.Market;
                return (solve ?? SnapshotSolver.Solve)(snapshot);
            },
        });
    }

    public SimulationScheduler Scheduler { get; }

    public InMemoryJournal Journal { get; }

    /// <summary>What lies between the node and its journal.</summary>
    public HeldJournal Held { get; }

    public LawsOfTheJournal Laws { get; }

    public TradingNode Node { get; }

    /// <summary>The market that was solved last.</summary>
    public Market LastSolved { get; private set; } = null!;

    /// <summary>What the node has said.</summary>
    public IReadOnlyList<string> Lines => _log.Lines;

    /// <summary>Lets virtual time pass and has every new event judged by the laws before the next step.</summary>
    public void RunFor(TimeSpan duration)
    {
        Scheduler.BeforeStep = _ =>
        {
            Laws.Read(Journal);
            Laws.Compare(Node.Router);
            return true;
        };
        Scheduler.RunFor(duration);
        Scheduler.BeforeStep = null;
        Laws.Read(Journal);
    }

    /// <summary>Stops the node as a person does; answers whether nothing was left in flight.</summary>
    public bool Stop()
    {
        var draining = Node.DrainAsync();
        RunFor(TradingNode.DrainPatience + TimeSpan.FromSeconds(1));
        var clean = Finish(draining);
        var stopping = Node.StopActorsAsync();
        RunFor(TimeSpan.FromSeconds(1));
        Assert.True(Finish(stopping), "actors still wait for the journal");
        Assert.Equal(0, Node.Status.Snapshots.Difference);
        return clean;
    }

    /// <summary>What a stop answers in virtual time, once who awaited it has gone on on a thread of the pool.</summary>
    public static bool Finish(Task<bool> task)
    {
        Assert.True(SpinWait.SpinUntil(() => task.IsCompleted, TimeSpan.FromSeconds(30)), "the node did not stop");
        return task.GetAwaiter().GetResult();
    }

    public void Dispose() => Node.Dispose();
}
