using System.Collections.Immutable;
using System.Text.Json;
using QTrade.Actors;
using QTrade.Actors.EventSourcing;
using QTrade.Actors.Journal;
using QTrade.Messages;
using QTrade.Messages.Execution;
using QTrade.Messages.Pools;
using QTrade.Messages.Registry;
using QTrade.Messages.Routing;
using QTrade.Trading;
using QTrade.Trading.Cluster;
using QTrade.Trading.Routing;

namespace QTrade.Node.Actors;

/// <summary>
/// Aggregates the pools' publications into snapshots, hands the newest one to an optimizer that asks, records what was decided and
/// only then publishes it to the executor, at most so many outstanding. It is the single writer of <c>router</c>; its optimizers are its
/// children. What it remembers beside its state follows from it: after a restart every open solution is published again. Events that
/// the journal lost are passed over: epoch and trade ids are never used twice, so that no effect is repeated for want of them.
/// </summary>
public sealed class RouterActor : EventSourcedActor<IRouterMessage, IRouterEvent, RouterState>
{
    private const string LookTimer = "look";
    private const string BeginTimer = "begin";
    private const string LeaseTimer = "lease";
    private const string RefusedTimer = "refused";
    private const string RefusedCommand = "router: command";
    private const string Leaves = "the node leaves";
    private const string Silent = "the chain's feed has said nothing for a while: nothing is decided until it does";
    private const string TapeDrives = "the feed and the router are not cut by the same: set qtrade.drive.kind alike on all nodes";

    /// <summary>Callers that wait for one solve at most.</summary>
    private const int SolvesAskedMax = 16;

    /// <summary>Commands that the journal refused and that are decided again, at most: more than open solutions and snapshots can bring.</summary>
    private const int RefusedMax = 10_000;

    private static readonly TimeSpan SilentLook = TimeSpan.FromSeconds(1);

    /// <summary>How often a cut of a tape is told before the wait is.</summary>
    private const int TapeToldMax = 40;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LeaseLookMin = TimeSpan.FromMilliseconds(1);

    private readonly RouterSetup _setup;
    private readonly MarketView _view;
    private readonly RouteQueue _queue;
    private readonly Queue<CutVariance> _variances = new();
    private readonly Dictionary<string, ActorRef<IOptimizerMessage>> _optimizers = [];
    private readonly List<string> _idle = [];
    private readonly FeedHearing _hearing;
    private readonly TapeFollower _tape;
    private readonly SnapshotLeases _leases;
    private readonly Dictionary<string, SnapshotId> _workOf = [];
    private readonly Dictionary<SnapshotId, (SolveSnapshot Snapshot, DateTimeOffset NewestUpdate)> _work = [];
    private readonly HashSet<SnapshotId> _answered = [];
    private readonly SortedSet<string> _readyAgain = new(StringComparer.Ordinal);
    private readonly Queue<IRouterCommand> _refused = new();
    private readonly List<IRouterCommand> _writing = [];
    private readonly List<TradeOutcome> _outcomes = [];
    private long _epochBefore;
    private long _sequence;
    private long _begunAt;
    private int _poolsObserved;
    private int _poolsAwaited = int.MaxValue;
    private bool _open;
    private readonly List<ActorRef<SolvedNow>> _solveAsked = [];
    private SnapshotId? _askedFor;
    private bool _draining;

    /// <summary>Whether the journal refused what was persisted, and neither wrote anything since nor was given its second.</summary>
    private bool _isRefused;
    private string? _handingTo;

    /// <summary>How far the market had moved at the hand-out being written, and how long after the last one.</summary>
    private (double MeanSquare, TimeSpan? After)? _handing;

    /// <summary>How far it had moved at the hand-outs that the journal refused since it wrote one; null where there are none.</summary>
    private double? _owed;
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
        _writing.Clear();
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
            case RouterLook when _refused.Count > 0:
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
                _writing.Add(command);
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
                if (_askedFor is null)
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
            if (_workOf.Remove(optimizer, out var work))
                Forget(work);
            // One of ours is at it, and asks again when it is done.
            if (!_optimizers.ContainsKey(optimizer))
                _idle.Add(optimizer);
        }

        if (_handing is { } cut)
            (_owed, _handing) = (cut.MeanSquare, null);
        _handingTo = null;
        // Nobody says it again: who said it was told that it arrived.
        foreach (var command in _writing)
        {
            if (_refused.Count < RefusedMax)
                _refused.Enqueue(command);
        }

        AnswerAsked(new SolvedNow(null, $"the journal does not write ({error})"), effects);
        // The first refusal's timer counts: set anew by each that follows, it would never fire. Nor is it that of the next snapshot, which every optimizer that is ready sets anew.
        if (!_isRefused)
            effects.Schedule<IRouterMessage>(RefusedTimer, RetryAfter, Self, RouterWriteAgain.Instance);
        _isRefused = true;
    }

    private void StartEpoch(RouterState state, Effects<IRouterEvent> effects) =>
        Persist(RouterRules.Start(state, effects.Now, _setup.Units, Unreadable.Sum(lost => lost.Count)), effects);

    /// <summary>Without a look: what that persisted could be refused, and what is sent here would go with it.</summary>
    private void DecideAgain(Effects effects)
    {
        while (_refused.TryDequeue(out var command))
            effects.Send<IRouterMessage>(Self, command);
        effects.Schedule<IRouterMessage>(LookTimer, RetryAfter, Self, RouterLook.Instance);
    }

    /// <summary>
    /// What came while the last append was under way is appended together: one commit for each route would make the router slower than its executor.
    /// </summary>
    private void EndGathered(RouterState state, Effects<IRouterEvent> effects)
    {
        foreach (var outcome in _outcomes)
        {
            var decision = RouterRules.Decide(state, outcome, _setup.Options, effects.Now);
            Persist(decision, effects);
            for (var i = 0; i < decision.Count; i++)
                state = RouterJournal.Apply(state, decision[i]);
        }

        _writing.AddRange(_outcomes);
        _outcomes.Clear();
    }

    /// <summary>
    /// An optimizer says again and again that it is idle, and what it says may have waited for long: while it has a snapshot it gets no other, or each
    /// delay would give it one more, for ever.
    /// </summary>
    private void Hear(OptimizerReady ready, RouterState state, Effects<IRouterEvent> effects)
    {
        if (IsBusy(ready.Optimizer))
        {
            _readyAgain.Add(ready.Optimizer);
            return;
        }

        if (!_idle.Contains(ready.Optimizer))
            _idle.Add(ready.Optimizer);
        Look(state, effects);
    }

    private bool IsBusy(string optimizer) => _workOf.TryGetValue(optimizer, out var work) && State.Undecided.ContainsKey(work);

    private void TakeReadyAgain()
    {
        foreach (var optimizer in _readyAgain.ToArray())
        {
            if (IsBusy(optimizer))
                continue;
            _readyAgain.Remove(optimizer);
            if (!_idle.Contains(optimizer))
                _idle.Add(optimizer);
        }
    }

    /// <summary>The first answer of a snapshot counts. One that the journal refused is decided again, and was the first then.</summary>
    private void Note(SnapshotId id, RouterState state)
    {
        if (_answered.Add(id) || !state.Undecided.ContainsKey(id))
            _leases.Take(id);
        if (!state.Undecided.ContainsKey(id))
            _answered.Remove(id);
    }

    private void Forget(SnapshotId id)
    {
        _leases.End(id);
        _work.Remove(id);
        _answered.Remove(id);
    }

    /// <summary>Who is gone has nothing any more, until he says again that he is ready.</summary>
    private void Forget(Predicate<string> isGone, Effects effects)
    {
        _idle.RemoveAll(isGone);
        foreach (var optimizer in _workOf.Keys.Where(name => isGone(name)).ToArray())
            _leases.Gone(optimizer);
        _readyAgain.RemoveWhere(isGone);
        LookAtLeases(effects);
    }

    /// <summary>
    /// Snapshots whose lease lapsed are anybody's again, and whoever had one may have another; one that nobody answered so often has failed.
    /// Nothing is persisted here: what that is refused with goes with it.
    /// </summary>
    private void LookAtLeases(Effects effects)
    {
        var lapsed = _leases.Look(_setup.Now());
        foreach (var lease in lapsed)
        {
            if (_workOf.TryGetValue(lease.Optimizer, out var work) && work == lease.SnapshotId)
                _workOf.Remove(lease.Optimizer);
            if (lease.IsLast)
                effects.Send<IRouterMessage>(Self, new SnapshotFailed(
                    lease.SnapshotId, ReasonCode.SolverTimedOut,
                    $"given to {lease.Attempt} optimizers one after the other, {lease.Optimizer} the last: none answered in time"));
        }

        if (lapsed.Length > 0)
        {
            TakeReadyAgain();
            _setup.Board.Router = _setup.Board.Router with { Leases = Leases() };
            effects.Send<IRouterMessage>(Self, RouterLook.Instance);
        }

        WatchLeases(effects);
    }

    private void WatchLeases(Effects effects)
    {
        if (_leases.NextLapse is not { } next)
            return;
        var left = next - _setup.Now();
        effects.Schedule<IRouterMessage>(LeaseTimer, left > LeaseLookMin ? left : LeaseLookMin, Self, LeasesLook.Instance);
    }

    private LeaseStatus Leases() => new(_leases.Running, _leases.Granted, _leases.Lapsed, _leases.Late, _leases.Refused);

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

    /// <summary>Told again and again by a feed that does not know what became of it.</summary>
    private void Follow(TapeCut cut, RouterState state, Effects<IRouterEvent> effects)
    {
        if (!_setup.Options.FollowsTape)
        {
            _setup.Metrics.Fault("tape", "drive", TapeDrives);
            return;
        }

        _tapeHeard = true;
        if (state.Tape.Length > 0 && state.Tape != cut.Tape)
        {
            _setup.Metrics.Fault("tape", "other", "the journal holds another tape: another market, seed, recording or cut-every. A tape needs a journal of its own");
            return;
        }

        if (cut.Number <= state.TapeCut)
        {
            effects.Send<INodeMessage>(_setup.Node, new TapeEnded(cut.Tape, state.TapeCut));
            return;
        }

        _tapeRepeats = _tape.Next?.Number == cut.Number ? _tapeRepeats + 1 : 0;
        _tape.Take(cut);
        if (_tape.Fault is { } fault)
            _setup.Metrics.Fault("tape", "position", fault);
        else if (_tapeRepeats == TapeToldMax && state.Undecided.IsEmpty)
            _setup.Metrics.Fault("tape", "waits", _queue.Waiting(state) >= _setup.Options.WaitingMax
                ? $"cut {cut.Number} of the tape waits: {_queue.Outstanding} solutions are with the executor, and none comes back"
                : _tape.Awaited);
        Look(state, effects);
    }

    /// <summary>One cut after the other, each as soon as the market stands there; what was not answered is offered again.</summary>
    private void LookAtTape(RouterState state, Effects<IRouterEvent> effects)
    {
        if (!state.Undecided.IsEmpty)
        {
            OfferAgain(effects);
            return;
        }

        if (_tape.Next is not { } cut || cut.Number <= state.TapeCut || _queue.Waiting(state) >= _setup.Options.WaitingMax || !_tape.IsThere)
            return;
        if (SnapshotCutter.Cut(state with { Number = Math.Max(state.Number, _lastGiven) }, _view, _setup.Options, effects.Now, cut) is not { } offer)
        {
            // Nothing is decided, whoever looks: the feed goes on, and where it begins anew the cut is as empty again.
            _setup.Metrics.Fault("tape", "empty", $"cut {cut.Number} of the tape: {SnapshotCutter.WhyNone(state, _view)}");
            effects.Send<INodeMessage>(_setup.Node, new TapeEnded(cut.Tape, cut.Number));
        }
        else if (_leases.Grant(offer.Event.SnapshotId, _idle[0], _setup.Now()) is not null)
            HandOut(state, offer, effects);
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

    /// <summary>A change past the threshold cuts the interval short, down to the shortest.</summary>
    private void LookIfMoved(RouterState state, Effects<IRouterEvent> effects)
    {
        if (_setup.Options.FollowsTape)
        {
            if (_open && _idle.Count > 0 && _tape.IsThere)
                Look(state, effects);
            return;
        }

        if (_idle.Count == 0 || _view.Moved <= _setup.Options.WakeThreshold || state.LastHandOut is not { } last
            || _queue.Waiting(state) >= _setup.Options.WaitingMax)
            return;
        var (now, earliest) = (effects.Now, last.At + _setup.Options.MinInterval);
        // Where the clock was set back, when the next look is says nothing.
        if (_lookAt <= earliest && now >= last.At)
            return;
        if (HandOutTiming.IsOver(last.At, _setup.Options.MinInterval, now))
            Look(state, effects);
        else
            LookAt(earliest, now, effects);
    }

    private void Look(RouterState state, Effects<IRouterEvent> effects)
    {
        // A hand-out that is refused moves no interval: whoever is idle would be given one after the other.
        if (!_open || _idle.Count == 0 || _draining || !Started || _isRefused)
            return;
        if (_setup.Options.FollowsTape)
        {
            LookAtTape(state, effects);
            return;
        }

        var (now, options) = (effects.Now, _setup.Options);
        if (_hearing.IsSilent(now))
        {
            if (_hearing.IsNews())
                _setup.Metrics.Fault("router", "feed", Silent);
            AnswerAsked(new SolvedNow(null, Silent), effects);
            LookAt(now + SilentLook, now, effects);
            return;
        }

        var last = state.LastHandOut?.At;
        var adaptive = AdaptiveInterval.Of([.. _variances], options);
        var asked = IsAsked(state, now);
        if ((asked || IsOwed(state, now) || HandOutTiming.IsDue(last, adaptive, _view, _queue.Waiting(state), options, now))
            && SnapshotCutter.Cut(state with { Number = Math.Max(state.Number, _lastGiven) }, _view, options, now) is { } offer
            && _leases.Grant(offer.Event.SnapshotId, _idle[0], _setup.Now()) is not null)
        {
            HandOut(state, offer, effects);
            return;
        }

        OfferAgain(effects);
        if (asked)
            AnswerAsked(new SolvedNow(null, SnapshotCutter.WhyNone(state, _view) ?? $"{_leases.Open} snapshots have no result yet"), effects);
        LookAt(HandOutTiming.NextLook(last, adaptive, _view, options, now), now, effects);
    }

    /// <summary>Answered once the snapshot is decided, or has ended without a decision.</summary>
    private void SolveNow(RouterState state, SolveNow solve, Effects<IRouterEvent> effects)
    {
        var refusal = _draining ? Leaves
            : _setup.Options.FollowsTape ? "the tape says where to cut (qtrade.drive.kind = tape)"
            : !_open || !Started ? "the market is not whole yet"
            : _setup.Health.Fault is { } fault ? $"the journal does not write ({fault})"
            : _queue.Waiting(state) >= _setup.Options.WaitingMax ? "decided solutions wait for room in the queue"
            : _askedFor is null && SnapshotCutter.WhyNone(state, _view) is { } nothing ? nothing
            : _solveAsked.Count >= SolvesAskedMax ? $"{SolvesAskedMax} solves are asked for already"
            : null;
        if (refusal is not null)
        {
            effects.Send(solve.ReplyTo, new SolvedNow(null, refusal));
            return;
        }

        _solveAsked.Add(solve.ReplyTo);
        if (_askedFor is null && _idle.Count > 0 && state.LastHandOut is { } last)
        {
            var (now, interval) = (effects.Now, _setup.Options.MinInterval);
            LookAt(HandOutTiming.IsOver(last.At, interval, now) ? now : last.At + interval, now, effects);
        }
    }

    private bool IsAsked(RouterState state, DateTimeOffset now) => _solveAsked.Count > 0 && _askedFor is null && MayHandOut(state, now);

    /// <summary>The market was cut for a hand-out that the journal refused: by the market alone nothing would be due before it moves again.</summary>
    private bool IsOwed(RouterState state, DateTimeOffset now) => _owed is not null && MayHandOut(state, now);

    private bool MayHandOut(RouterState state, DateTimeOffset now) =>
        _queue.Waiting(state) < _setup.Options.WaitingMax
        && (state.LastHandOut is not { } last || HandOutTiming.IsOver(last.At, _setup.Options.MinInterval, now));

    private void AnswerAsked(RouterCommitted committed, Effects effects)
    {
        if (_askedFor is not { } asked)
            return;
        var answer = committed.Decided?.SnapshotId == asked ? new SolvedNow(_setup.Board.Router.Last, null)
            : committed.Ended.Contains(asked) ? new SolvedNow(null, $"snapshot {asked} ended without a decision: qtrade pbm why says why")
            : null;
        if (answer is not null)
            AnswerAsked(answer, effects);
    }

    private void AnswerAsked(SolvedNow answer, Effects effects)
    {
        foreach (var asker in _solveAsked)
            effects.Send(asker, answer);
        _solveAsked.Clear();
        _askedFor = null;
    }

    /// <param name="time">When to look.</param>
    /// <param name="now">The time that this was found from: read anew, it may be past what is to be waited for.</param>
    /// <param name="effects">Starts the timer.</param>
    private void LookAt(DateTimeOffset time, DateTimeOffset now, Effects effects)
    {
        // Before the first snapshot the rule says "now", and where nothing can be cut it would say so for ever.
        _lookAt = time > now ? time : now + _setup.Options.MinInterval;
        effects.Schedule<IRouterMessage>(LookTimer, _lookAt - now, Self, RouterLook.Instance);
    }

    private void HandOut(RouterState state, SnapshotOffer offer, Effects<IRouterEvent> effects)
    {
        _handingTo = _idle[0];
        var now = offer.Event.At;
        // Since the last one that was written: the squares of what moved before and after a refused one add up.
        _handing = ((_owed ?? 0) + _view.MarkCut(), now - state.LastHandOut?.At);
        _work[offer.Event.SnapshotId] = (offer.Work, _newestUpdate);
        if (_solveAsked.Count > 0)
            _askedFor = offer.Event.SnapshotId;
        Persist(RouterRules.HandOut(state, offer), effects);
        _lastGiven = offer.Event.SnapshotId.Number;
        Give(offer.Work, effects);
        LookAt(now + _setup.Options.MinInterval, now, effects);
    }

    /// <summary>The newest cut that nobody is at any more, where none is due that would be newer. It was handed out once, and ends once.</summary>
    private void OfferAgain(Effects effects)
    {
        if (_leases.ToOfferAgain is { } id && State.Undecided.ContainsKey(id) && _work.TryGetValue(id, out var work)
            && _leases.Grant(id, _idle[0], _setup.Now()) is not null)
            Give(work.Snapshot, effects);
    }

    /// <summary>
    /// To the optimizer that has been idle for longest. A solve is a pure function, so one of ours begins while the hand-out is being written: its answer waits for that. Where the journal refuses the
    /// hand-out the answer is of a snapshot that nobody knows, as its number is not given again.
    /// </summary>
    private void Give(SolveSnapshot work, Effects effects)
    {
        var name = _idle[0];
        _idle.RemoveAt(0);
        _workOf[name] = work.SnapshotId;
        _readyAgain.Remove(name);
        if (_optimizers.TryGetValue(name, out var optimizer))
            effects.SendAtOnce(optimizer, new SolveWork(work));
        else
            effects.Send(_setup.RemoteOptimizer!(name), new SolveWork(work));
        if (_leases.Running == 1)
            WatchLeases(effects);
    }

    private void ExpireWaiting(RouterState state, Effects<IRouterEvent> effects)
    {
        // Before its own epoch is durable it takes the solutions of the last one for its own, and does not know which of them were published.
        if (!Started || _queue.Waiting(state) == 0)
            return;
        foreach (var solution in _queue.ExpiredWaiting(state, _view.NewestSlot))
            Persist(RouterRules.Expire(solution, _view.NewestSlot, effects.Now), effects);
    }

    private void Persist(Decision<IRouterEvent> decision, Effects<IRouterEvent> effects)
    {
        if (decision.Rejection is { Code: ReasonCode.UnknownTrade or ReasonCode.UnknownSnapshot } repeated)
            _setup.Metrics.CommandPassedOver(RefusedCommand, repeated, effects.Now);
        else if (decision.Rejection is { } rejection)
            _setup.Metrics.CommandRefused(PersistenceId, RefusedCommand, rejection, effects.Now);
        if (decision.Count == 0)
            return;
        _begunAt = _setup.Health.Refusals;
        var ended = ImmutableArray.CreateBuilder<SnapshotId>();
        Decided? decided = null;
        for (var i = 0; i < decision.Count; i++)
        {
            effects.Persist(decision[i]);
            decided = decision[i] as Decided ?? decided;
            if (decision[i] is SnapshotEnded end)
                ended.Add(end.SnapshotId);
        }

        effects.Send<IRouterMessage>(Self, new RouterCommitted(ended.DrainToImmutable(), decided));
    }

    private void AfterCommit(RouterState state, RouterCommitted committed, Effects<IRouterEvent> effects)
    {
        foreach (var id in committed.Ended)
        {
            _queue.End(id);
            Forget(id);
        }

        var latency = TimeSpan.Zero;
        if (committed.Decided is { } decided)
        {
            if (_work.TryGetValue(decided.SnapshotId, out var work))
                latency = effects.Now - work.NewestUpdate;
            Forget(decided.SnapshotId);
        }

        TakeReadyAgain();
        if (_setup.Options.FollowsTape && state.TapeCut > _tapeTold)
            effects.Send<INodeMessage>(_setup.Node, new TapeEnded(state.Tape, _tapeTold = state.TapeCut));
        // What were published before its epoch is durable would be passed over for the older epoch, and would not be published again.
        while (Started && _queue.Next(state) is { } solution)
            effects.Send<IExecutorMessage>(_setup.Executor, solution);
        Report(state, committed.Decided, latency);
        AnswerAsked(committed, effects);
        TellIfDrained(state, effects);
        // In a turn of its own: where what it persists is refused, nothing of this one goes with it.
        effects.Send<IRouterMessage>(Self, RouterLook.Instance);
    }

    private void Report(RouterState state, Decided? decided, TimeSpan latency)
    {
        var last = _setup.Board.Router.Last;
        if (decided is not null)
        {
            var result = decided.Result;
            last = new LastDecisionStatus(
                decided.SnapshotId.ToString(), JsonNamingPolicy.CamelCase.ConvertName(result.Status.ToString()), result.Profit, result.UpperBound, result.Gap, latency);
        }

        _setup.Board.Router = new RouterReport(state, _view.NewestSlot, _queue.Outstanding, last, Leases());
        if (decided is not null)
            _setup.Decided(last!);
    }

    private void TellIfDrained(RouterState state, Effects effects)
    {
        if (_draining && state.Undecided.IsEmpty && state.Open.IsEmpty)
            effects.Send<INodeMessage>(_setup.Node, new RouterDrained());
    }

    /// <summary>The first of all says nothing of how far the market moves in a time, nor does one before which the clock was set back.</summary>
    private void Remember(double meanSquare, TimeSpan? after)
    {
        if (after is not { } time || time < TimeSpan.Zero)
            return;
        if (_variances.Count == _setup.Options.VarianceCuts)
            _variances.Dequeue();
        _variances.Enqueue(new CutVariance(meanSquare, time.TotalSeconds));
    }

    private void NoteCommit()
    {
        if (SequenceNumber == _sequence)
            return;
        _sequence = SequenceNumber;
        _handingTo = null;
        if (_handing is { } cut)
        {
            // From here on what moves since counts.
            Remember(cut.MeanSquare, cut.After);
            (_handing, _owed) = (null, null);
        }

        _isRefused = false;
        _setup.Health.Succeeded(_begunAt);
    }
}
