using QTrade.Actors;
using QTrade.Actors.Work;
using QTrade.Messages;
using QTrade.Messages.Routing;

namespace QTrade.Node.Actors;

/// <summary>
/// Solves one snapshot after the other on the solver's threads and asks for the newest cut whenever it is idle. A solver that throws,
/// or takes longer than <see cref="SolveTimeMax"/>, fails its snapshot and nothing else.
/// </summary>
public sealed class OptimizerActor : Actor<IOptimizerMessage>
{
    private const string OverdueTimer = "overdue";

    private readonly string _name;
    private readonly ActorRef<IRouterMessage> _router;
    private readonly WorkPool _threads;
    private readonly Func<SolveSnapshot, SnapshotSolved> _solve;
    private readonly NodeMetrics _metrics;
    private SnapshotId? _overdue;

    /// <param name="name">Its name, unique in the system.</param>
    /// <param name="router">Hands out snapshots and takes answers.</param>
    /// <param name="threads">The solver's threads.</param>
    /// <param name="solve">The solver: a pure function of the snapshot.</param>
    /// <param name="metrics">Counts solves and failures.</param>
    public OptimizerActor(
        string name, ActorRef<IRouterMessage> router, WorkPool threads, Func<SolveSnapshot, SnapshotSolved> solve, NodeMetrics metrics)
    {
        _name = name;
        _router = router;
        _threads = threads;
        _solve = solve;
        _metrics = metrics;
    }

    /// <summary>After so long a snapshot counts as failed. The thread goes on until its budget of iterations is spent.</summary>
    public static TimeSpan SolveTimeMax { get; } = TimeSpan.FromSeconds(30);

    public override void OnStart(Effects effects) => effects.Send<IRouterMessage>(_router, new OptimizerReady(_name));

    public override void Handle(IOptimizerMessage message, Effects effects)
    {
        switch (message)
        {
            case SolveWork work:
                Solve(work.Snapshot, effects);
                break;
            case SolveOutcome outcome:
                Answer(outcome, effects);
                break;
            case SolveOverdue overdue:
                GiveUp(overdue.SnapshotId, effects);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(message), message.GetType().Name, "not a message of an optimizer");
        }
    }

    private void Solve(SolveSnapshot snapshot, Effects effects)
    {
        var (id, solve) = (snapshot.SnapshotId, _solve);
        _overdue = null;
        effects.Run<SnapshotSolved, IOptimizerMessage>(
            _threads,
            () => solve(snapshot),
            Self,
            solved => new SolveOutcome(id, solved),
            failure => new SolveOutcome(id, new SnapshotFailed(id, ReasonCode.SolverFailed, failure.Reason)));
        effects.Schedule<IOptimizerMessage>(OverdueTimer, SolveTimeMax, Self, new SolveOverdue(id));
    }

    private void Answer(SolveOutcome outcome, Effects effects)
    {
        effects.CancelTimer(OverdueTimer);
        if (outcome.Answer is SnapshotFailed failed)
            _metrics.Fault("solver", failed.Detail, $"solver: snapshot {outcome.SnapshotId} failed: {failed.Detail}");
        else
            _metrics.Solved();
        if (_overdue != outcome.SnapshotId)
            effects.Send<IRouterMessage>(_router, outcome.Answer);
        effects.Send<IRouterMessage>(_router, new OptimizerReady(_name));
    }

    private void GiveUp(SnapshotId id, Effects effects)
    {
        _overdue = id;
        var detail = $"no answer after {SolveTimeMax.TotalSeconds:0} s";
        _metrics.Fault("solver", nameof(ReasonCode.SolverTimedOut), $"solver: snapshot {id} failed: {detail}");
        effects.Send<IRouterMessage>(_router, new SnapshotFailed(id, ReasonCode.SolverTimedOut, detail));
    }
}
