using QTrade.Actors;
using QTrade.Actors.EventSourcing;
using QTrade.Actors.Journal;
using QTrade.Messages;
using QTrade.Messages.Execution;
using QTrade.Messages.Pools;
using QTrade.Messages.Registry;
using QTrade.Messages.Routing;
using QTrade.Trading.Cluster;
using QTrade.Trading.Routing;

namespace QTrade.Node.Actors;

/// <summary>
/// Aggregates the pools' publications into snapshots, hands the newest one to an optimizer that asks, records what was decided and
/// only then publishes it to the executor, at most so many outstanding. It is the single writer of <c>router</c>; its optimizers are its
/// children. What it remembers beside its state follows from it: after a restart every open solution is published again. Events that
/// the journal lost are passed over: epoch and trade ids are never used twice, so that no effect is repeated for want of them.
/// </summary>
public sealed partial class RouterActor : EventSourcedActor<IRouterMessage, IRouterEvent, RouterState>
{
    private const string LookTimer = "look";
    private const string BeginTimer = "begin";
    private const string LeaseTimer = "lease";
    private const string RefusedTimer = "refused";
    private const string Leaves = "the node leaves";
    private const string TapeDrives = "the feed and the router are not cut by the same: set qtrade.drive.kind alike on all nodes";

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly RouterSetup _setup;
    private readonly MarketView _view;
    private readonly RouteQueue _queue;
    private readonly HandOutMoves _moves;
    private readonly Dictionary<string, ActorRef<IOptimizerMessage>> _optimizers = [];
    private readonly IdleOptimizers _idle = new();
    private readonly FeedHearing _hearing;
    private readonly TapeFollower _tape;
    private readonly SnapshotLeases _leases;
    private readonly Dictionary<SnapshotId, (SolveSnapshot Snapshot, DateTimeOffset NewestUpdate)> _work = [];
    private readonly HashSet<SnapshotId> _answered = [];
    private readonly RefusedCommands _refused = new();
    private readonly List<TradeOutcome> _outcomes = [];
    private readonly SolveRequests _solves = new();
    private long _epochBefore;
    private long _sequence;
    private long _begunAt;
    private int _poolsObserved;
    private int _poolsAwaited = int.MaxValue;
    private bool _open;
    private bool _draining;

    /// <summary>Whether the journal refused what was persisted, and neither wrote anything since nor was given its second.</summary>
    private bool _isRefused;

    /// <summary>Whose hand-out is being written; null where none is.</summary>
    private string? _handingTo;
    private long _lastGiven;
    private long _tapeTold;
    private bool _tapeHeard;
    private int _tapeRepeats;
    private DateTimeOffset _newestUpdate;
    private DateTimeOffset _lookAt = DateTimeOffset.MinValue;

    public RouterActor(RouterSetup setup)
    {
        _setup = setup;
        _view = new MarketView(setup.Units, setup.TrustsNothing, setup.AwaitsFeedTerm);
        _hearing = new FeedHearing(setup.Silence);
        _tape = new TapeFollower(_view);
        _queue = new RouteQueue(setup.Options.OutstandingMax);
        _moves = new HandOutMoves(setup.Options);
        _leases = new SnapshotLeases(setup.Lease);
    }

    public override string PersistenceId => PersistenceIds.Router;

    protected override RouterState Initial => RouterState.Initial;

    protected override IEventCodec<IRouterEvent> Codec => WireCodec<IRouterEvent>.Instance;

    protected override IEventCodec<RouterState>? SnapshotCodec => StateCodecs.Router;

    // A snapshot holds a whole cut and a whole result, as much as some tens of events.
    protected override int SnapshotEvery => 500;

    private bool Started => State.Epoch > _epochBefore;

    public override RouterState Apply(RouterState state, IRouterEvent @event) => RouterJournal.Apply(state, @event);

    public override void OnRecovered(RouterState state, Effects<IRouterEvent> effects)
    {
        _epochBefore = state.Epoch;
        _sequence = SequenceNumber;
        StartEpoch(state, effects);
    }

    public override void Decide(RouterState state, IRouterMessage message, Effects<IRouterEvent> effects)
    {
        NoteCommit();
        _refused.Begin();
        switch (message)
        {
            case IMarketChange change:
                Take(change, effects);
                LookIfMoved(state, effects);
                break;
            case TapeCut cut:
                Follow(cut, state, effects);
                break;
            case TrustFrom trust:
                _view.Trust(trust);
                _hearing.Hear(effects.Now);
                break;
            case FeedTermRead read:
                _view.TrustSince(read.Term);
                break;
            case SlotObserved observed:
                _view.Observe(observed);
                _hearing.Hear(effects.Now);
                if (_setup.Options.FollowsTape && !_tapeHeard)
                    _setup.Metrics.Fault("tape", "drive", TapeDrives);
                ExpireWaiting(state, effects);
                break;
            case OptimizerReady ready:
                Hear(ready, state, effects);
                break;
            case OptimizerGone gone:
                Forget(name => name == gone.Optimizer, effects);
                break;
            case NodeGone gone:
                Forget(name => OptimizerName.IsOf(name, gone.Node), effects);
                break;
            case LeasesLook:
                LookAtLeases(effects);
                break;
            case RouterWriteAgain:
                _isRefused = false;
                effects.Send<IRouterMessage>(Self, RouterLook.Instance);
                break;
            case RouterLook when _isRefused:
                break;
            case RouterLook when !Started:
                StartEpoch(state, effects);
                break;
            case RouterLook when _refused.Any:
                DecideAgain(effects);
                break;
            case RouterLook:
                Look(state, effects);
                break;
            case TradeOutcome outcome:
                if (_outcomes.Count == 0)
                    effects.Send<IRouterMessage>(Self, EndRoutes.Instance);
                _outcomes.Add(outcome);
                break;
            case EndRoutes:
                EndGathered(state, effects);
                break;
            case IRouterCommand command:
                if (command is SnapshotSolved solved)
                    Note(solved.SnapshotId, state);
                _refused.Write([command]);
                Persist(RouterRules.Decide(state, command, _setup.Options, effects.Now), effects);
                break;
            case RouterCommitted committed:
                AfterCommit(state, committed, effects);
                break;
            case BeginRouting begin:
                _poolsAwaited = begin.Pools;
                effects.Schedule<IRouterMessage>(BeginTimer, _setup.Patience, Self, new BeginRouting(0));
                OpenIfWhole(effects);
                break;
            case GetMarket get:
                effects.Send(get.ReplyTo, new MarketShown(_view.ShowPools(), _view.ShowTokens(), _view.NewestSlot));
                break;
            case SolveNow solve:
                SolveNow(state, solve, effects);
                break;
            case DrainRouter:
                _draining = true;
                if (!_solves.IsHandedOut)
                    AnswerAsked(new SolvedNow(null, Leaves), effects);
                TellIfDrained(state, effects);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(message), message.GetType().Name, "not a message of the router");
        }
    }

    public override void OnPersistFailed(AppendStatus status, string error, Effects<IRouterEvent> effects)
    {
        _setup.Health.Failed(status, error);
        if (_handingTo is { } optimizer)
        {
            if (_idle.TakeBack(optimizer) is { } work)
                Forget(work);
            // One of ours is at it, and asks again when it is done.
            if (!_optimizers.ContainsKey(optimizer))
                _idle.Add(optimizer);
        }

        _handingTo = null;
        _moves.Refuse();
        _refused.Refuse();
        AnswerAsked(new SolvedNow(null, $"the journal does not write ({error})"), effects);
        // The first refusal's timer counts: set anew by each that follows, it would never fire. Nor is it that of the next snapshot, which every optimizer that is ready sets anew.
        if (!_isRefused)
            effects.Schedule<IRouterMessage>(RefusedTimer, RetryAfter, Self, RouterWriteAgain.Instance);
        _isRefused = true;
    }

    private void StartEpoch(RouterState state, Effects<IRouterEvent> effects) =>
        Persist(RouterRules.Start(state, effects.Now, _setup.Units, Unreadable.Sum(lost => lost.Count)), effects);

    /// <summary>What a pool is and how it stands arrive in either order.</summary>
    private void Take(IMarketChange change, Effects effects)
    {
        _poolsObserved += Math.Max(0, _view.ApplyCounted(change));
        if (change is ReservesChanged heard)
        {
            _newestUpdate = effects.Now;
            _tape.Hear(heard.PoolId, heard.At);
        }
        else if (change is PoolRetired retired)
        {
            _tape.Retire(retired.PoolId);
        }

        OpenIfWhole(effects);
    }

    /// <summary>Optimizers begin to ask once the market is whole, so that the first snapshot is not of a part of it.</summary>
    private void OpenIfWhole(Effects effects)
    {
        if (_open || _poolsObserved < _poolsAwaited)
            return;
        _open = true;
        effects.CancelTimer(BeginTimer);
        effects.Send<IExecutorMessage>(_setup.Executor, new BeginExecuting());
        foreach (var name in _setup.Optimizers)
            _optimizers.Add(name, effects.Spawn(new Props<IOptimizerMessage>(() => _setup.CreateOptimizer(name, Self)), name));
    }

    private void TellIfDrained(RouterState state, Effects effects)
    {
        if (_draining && state.Undecided.IsEmpty && state.Open.IsEmpty)
            effects.Send<INodeMessage>(_setup.Node, new RouterDrained());
    }
}
