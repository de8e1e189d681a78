using System.Collections.Immutable;
using QTrade.Actors;
using QTrade.Actors.EventSourcing;
using QTrade.Actors.Journal;
using QTrade.Messages;
using QTrade.Messages.Cluster;
using QTrade.Messages.Execution;
using QTrade.Messages.Routing;
using QTrade.Node.Simulation;
using QTrade.Trading;
using QTrade.Trading.Cluster;
using QTrade.Trading.Execution;
using QTrade.Trading.Routing;

namespace QTrade.Node.Actors;

/// <summary>
/// Executes solutions on paper: judges every route on its own newest view, has the intent made durable, settles it, has the outcome made
/// durable, and only then counts it, tells the router and lets the swap move the chain. Whatever arrives twice is answered with what is
/// known. While the journal cannot write nothing is begun, and what was begun is tried again.
/// </summary>
public sealed class ExecutorActor : EventSourcedActor<IExecutorMessage, IExecutorEvent, ExecutorState>
{
    private const string RetryTimer = "retry";
    private const string AllowanceTimer = "allowance";

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AllowanceEvery = RiskAllowance.ReportEvery / 2;

    /// <summary>How often one trade is read again after its actor ended; what ends it then is not another executor.</summary>
    private const int ReadingsMax = 3;

    /// <summary>How long what a part of linked routes left waits for the values of its tokens: an executor that takes over trades before it is told of the whole market.</summary>
    public static readonly TimeSpan ValuesPatience = TimeSpan.FromSeconds(30);

    private static readonly Rejection LinkedRefusal = new(ReasonCode.NotIntended, "a linked route was not intended");

    private readonly ExecutorSetup _setup;
    private readonly IEventCodec<ExecutorState> _snapshots;
    private readonly MarketView _view;
    private readonly FeedHearing _hearing;
    private readonly FilledPools _pools;
    private readonly ExecutionDesk _desk = new();
    private readonly LinkedTrades _linked = new();
    private readonly Dictionary<TradeId, Trade> _trades = [];
    private readonly List<TradeId> _ended = [];
    private readonly List<Trade> _made = [];
    private long _tradesMade;
    private long _sequence;
    private long _begunAt;
    private bool _whole;
    private RiskAllowance _allowance = null!;
    private double _lossCounted;
    private long _resumedIn = -1;
    private SetTradingState? _writingHalt;
    private ActorRef<ExecutorCommandEnded>? _steeredBy;

    public ExecutorActor(ExecutorSetup setup)
    {
        _setup = setup;
        _snapshots = StateCodecs.Executor(setup.Limits);
        _view = new MarketView(setup.Terms.Units, setup.TrustsNothing, setup.AwaitsFeedTerm);
        _hearing = new FeedHearing(setup.Silence);
        _pools = new FilledPools(_view, setup.Terms.Units);
    }

    public override string PersistenceId => PersistenceIds.Executor;

    protected override ExecutorState Initial => ExecutorState.Initial(_setup.Limits);

    protected override IEventCodec<IExecutorEvent> Codec => WireCodec<IExecutorEvent>.Instance;

    protected override IEventCodec<ExecutorState>? SnapshotCodec => _snapshots;

    // A snapshot names every trade that could still be told again, as much as a thousand events.
    protected override int SnapshotEvery => 2_000;

    public override ExecutorState Apply(ExecutorState state, IExecutorEvent @event) => ExecutorRules.Apply(state, @event);

    public override void OnRecovered(ExecutorState state, Effects<IExecutorEvent> effects)
    {
        _sequence = SequenceNumber;
        _setup.Board.Executor = state;
        _setup.Halt.IsStanding = state.TradingState == TradingState.Halted;
        // Where nothing else of the node writes, nothing would say that the journal is there again: the next trade tries it.
        _setup.Health.Succeeded(_setup.Health.Refusals);
        _allowance = new RiskAllowance(
            RiskRules.NameOf(PersistenceId, $"{_setup.Node}-{effects.Now.ToUnixTimeMilliseconds()}"), _setup.RiskSlice, state.Loss, state.ResumedAt);
        _lossCounted = state.Loss;
        effects.ScheduleRepeatedly<IExecutorMessage>(AllowanceTimer, AllowanceEvery, Self, AllowanceLook.Instance);
        AskRisk(effects);
        HaltAtStart(state, effects);
        // Who hears nothing may have been replaced: the halt went to whoever executes now, and a resumption behind it may have.
        if (_setup.HearsControl())
            KeepHalt(effects);
    }

    public override void Decide(ExecutorState state, IExecutorMessage message, Effects<IExecutorEvent> effects)
    {
        NoteCommit(state);
        _made.Clear();
        switch (message)
        {
            case IMarketChange change:
                _view.Apply(change);
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
                break;
            case BeginExecuting:
                Begin(state, effects);
                break;
            case ExecuteSolution solution:
                Take(state, solution, effects);
                break;
            case TradeStands stands:
                GoOn(state, stands, effects);
                break;
            case TradeNotWritten { TradeId: var refused }:
                // Linked routes that are settled are told again as they are, as others of them may be durable.
                if (!_linked.AreSettled(refused))
                    _pools.Undo(refused);
                RetryLater(refused, effects);
                break;
            case TradeLost lost:
                ReadAgain(lost, effects);
                break;
            case RetryTrades:
                Retry(state, effects);
                break;
            case SteerExecutor steer:
                Steer(state, steer, effects);
                break;
            case TallyTrades:
                Tally(state, effects);
                break;
            case AllowanceLook:
                AskRisk(effects);
                break;
            case RiskHeard heard:
                Hear(state, heard.Answer, effects);
                break;
            case TradeTold told:
                Forget(told.TradeId, effects);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(message), message.GetType().Name, "not a message of the executor");
        }
    }

    public override void OnPersistFailed(AppendStatus status, string error, Effects<IExecutorEvent> effects)
    {
        _setup.Health.Failed(status, error);
        _writingHalt = null;
        if (_steeredBy is { } asker)
            effects.Send(asker, new ExecutorCommandEnded(null, error));
        _steeredBy = null;
        // An actor that was to be made with what was refused was not made.
        foreach (var trade in _made)
            trade.Actor = null;
        foreach (var (_, trade) in _trades)
            trade.Again = true;
        effects.Schedule<IExecutorMessage>(RetryTimer, RetryAfter, Self, RetryTrades.Instance);
        // What was refused may have been the halt of a recovery, which this began with.
        effects.ScheduleRepeatedly<IExecutorMessage>(AllowanceTimer, AllowanceEvery, Self, AllowanceLook.Instance);
    }

    /// <summary>A command takes effect behind every halt that was ordered before it; one that was ordered after it stays in force.</summary>
    private void Steer(ExecutorState state, SteerExecutor steer, Effects<IExecutorEvent> effects)
    {
        var (command, replyTo) = (steer.Command, steer.ReplyTo);
        var before = state;
        if (command is SetTradingState { State: not TradingState.Halted })
            before = KeepHalt(effects, steer.HaltsBefore);
        var decision = ExecutorRules.Decide(before, command);
        Persist(decision, effects);
        if (command is SetTradingState { State: TradingState.Halted } halt)
            NoteHalt(halt, decision);
        if (command is SetTradingState { State: TradingState.Active } resumed && Resumes(before, resumed, decision))
        {
            _resumedIn = _allowance.Generation;
            effects.Send<IRiskMessage>(_setup.Risk, new RiskAsked(new ResetRisk(resumed.At) { By = resumed.By }));
        }

        if (replyTo is null)
            return;
        _steeredBy = decision.Count > 0 ? replyTo : null;
        effects.Send(replyTo, new ExecutorCommandEnded(decision.Rejection?.ToString(), null));
    }

    /// <summary>A resumption that is delivered again may be of one that ended before it could say so: saying it again changes nothing.</summary>
    private static bool Resumes(ExecutorState before, SetTradingState resumed, Decision<IExecutorEvent> decision) =>
        before.TradingState == TradingState.Active ? before.StateAt == resumed.At : decision.Count > 0;

    /// <summary>Without a slice of the shared loss limit that is not used up and was confirmed lately nothing is begun.</summary>
    private bool IsLeased => _allowance.InForce(_setup.Now()).State == TradingState.Active;

    private void AskRisk(Effects effects)
    {
        if (_allowance.Look(_setup.Now(), effects.Now) is { } command)
            effects.Send<IRiskMessage>(_setup.Risk, new RiskAsked(command));
        ShowAllowance();
    }

    private void Hear(ExecutorState state, IMessage answer, Effects<IExecutorEvent> effects)
    {
        var before = IsLeased;
        switch (answer)
        {
            case RiskSliceLeased leased:
                _allowance.Hear(leased);
                break;
            case RiskSliceReported reported:
                _allowance.Hear(reported);
                break;
            case RiskLossTold told:
                _allowance.Hear(told);
                break;
            case RiskRefused refused when refused.Executor == _allowance.Executor:
                _allowance.Refused(refused.Slice, refused.Generation, refused.Reason, refused.Detail);
                HaltIfExhausted(state, refused, effects);
                break;
            case RiskTold told:
                _setup.Board.Risk = told;
                _allowance.Hear(told);
                break;
        }

        AskRisk(effects);
        if (!before && IsLeased)
            TakeHeld(state, effects);
    }

    /// <summary>
    /// Nothing of the shared limit is left: only a person resumes, which counts anew. What was refused before that resumption says nothing.
    /// </summary>
    private void HaltIfExhausted(ExecutorState state, RiskRefused refused, Effects<IExecutorEvent> effects)
    {
        if (refused.Reason == ReasonCode.RiskExhausted && refused.Generation > _resumedIn && state.TradingState != TradingState.Halted)
            Persist(ExecutorRules.Decide(state, new SetTradingState(TradingState.Halted, ReasonCode.RiskExhausted, refused.Detail, effects.Now)), effects);
    }

    private void ShowAllowance()
    {
        var (inForce, reason) = _allowance.InForce(_setup.Now());
        _setup.Board.Unleased = inForce == TradingState.Active ? null : reason;
    }

    /// <summary>A halt that was ordered and is not durable is written, whatever became of the message that brought it.</summary>
    /// <returns>The state that then is.</returns>
    private ExecutorState KeepHalt(Effects<IExecutorEvent> effects, long among = long.MaxValue)
    {
        if (_setup.Halt.Ordered(among) is not { } halt)
            return State;
        var decision = ExecutorRules.Decide(State, halt);
        Persist(decision, effects);
        NoteHalt(halt, decision);
        return decision.Count == 0 ? State : Apply(State, decision[0]);
    }

    private void NoteHalt(SetTradingState halt, Decision<IExecutorEvent> decision)
    {
        if (decision.Count > 0)
            _writingHalt = halt;
        else
            _setup.Halt.Durable(halt);
    }

    /// <summary>A halt that the journal lost does not become trading; neither do losses past limits that the settings lowered.</summary>
    private void HaltAtStart(ExecutorState state, Effects<IExecutorEvent> effects)
    {
        var decision = ExecutorRules.Recover(
            state, Unreadable.Sum(lost => lost.Count), !Unreadable.IsEmpty && SequenceNumber > Unreadable[^1].LastSequenceNumber, effects.Now);
        if (decision.Count > 0)
        {
            var halted = (TradingStateChanged)decision[0];
            _setup.Metrics.Fault(PersistenceId, halted.Reason.ToString(), $"executor: {halted.Detail}: trading is HALTED; look, and start with --resume to trade on");
        }

        Persist(decision, effects);
    }

    /// <summary>
    /// Trades that an earlier run intended and did not end are ended now; solutions that came meanwhile follow. What an earlier run did not intend of
    /// linked routes is barred for ever, which it answers as it does where it is over.
    /// </summary>
    private void Begin(ExecutorState state, Effects<IExecutorEvent> effects)
    {
        if (_whole)
            return;
        _whole = true;
        Bar(_linked.Begin(_setup.Unfinished), effects);
        foreach (var intent in _setup.Unfinished)
            Send(new IntendTrade(intent), effects);
        TakeHeld(state, effects);
    }

    /// <summary>Routes of which only those that are linked with them are known here: they answer how they ended, or never take effect.</summary>
    private void Bar(ImmutableArray<(SnapshotId Snapshot, int Route)> unknown, Effects<IExecutorEvent> effects)
    {
        foreach (var (snapshot, route) in unknown)
            Send(new EndTrade(NotIntended(snapshot, route, LinkedRefusal, effects.Now)), effects);
    }

    private void Take(ExecutorState state, ExecuteSolution solution, Effects<IExecutorEvent> effects)
    {
        if (!_desk.Hear(solution.Epoch))
            return;
        if (!_whole || _setup.Health.Fault is not null || !_setup.HearsControl() || !IsLeased || _hearing.IsSilent(effects.Now))
        {
            _desk.Hold(solution);
            effects.Schedule<IExecutorMessage>(RetryTimer, RetryAfter, Self, RetryTrades.Instance);
            return;
        }

        var commands = SolutionJudge.Judge(_setup.Halt.InForce(state), _desk, _pools.Shown, solution, _setup.Terms, _view.NewestSlot, effects.Now);
        _linked.Begin(commands.OfType<IntendTrade>().Select(intend => intend.Intent));
        foreach (var command in commands)
            Send(command, effects);
    }

    private void TakeHeld(ExecutorState state, Effects<IExecutorEvent> effects)
    {
        foreach (var held in _desk.TakeHeld())
            Take(state, held, effects);
    }

    /// <summary>A trade answers: it is over, or its intent is durable and it can be settled, or it could not be intended.</summary>
    private void GoOn(ExecutorState state, TradeStands stands, Effects<IExecutorEvent> effects)
    {
        if (!_trades.TryGetValue(stands.TradeId, out var trade))
            return;
        if (stands.State.Outcome is { } outcome)
        {
            EndFill(outcome);
            if (outcome.Ending != Ending.Executed)
                EndLinked(_linked.Break(stands.TradeId), effects);
            // A fill counts with what it was linked with, of which nothing is known where only how this one ended was asked for.
            else if (stands.State.Intent is { } executed)
                Bar(_linked.Begin([executed]), effects);
            SettleTogether(_linked.Release(stands.TradeId), effects);
            trade.Outcome = outcome;
            Gather(stands.TradeId, effects);
        }
        else if (stands.State.Intent is { } intent)
        {
            GoOn(intent, effects);
        }
        else if (trade.Last is IntendTrade { Intent: var refused })
        {
            Send(new EndTrade(NotIntended(refused, stands.Rejection, effects.Now)), effects);
            EndLinked(_linked.Break(stands.TradeId), effects);
        }
    }

    private void GoOn(TradeIntent intent, Effects<IExecutorEvent> effects)
    {
        // Another executor intended it, of a solution of which the router told this one only what is left.
        Bar(_linked.Begin([intent]), effects);
        switch (_linked.Stand(intent, out var together))
        {
            // What it was settled with is being written: an intent that was told twice is not settled again.
            case LinkedTrades.Standing.Alone when _trades[intent.TradeId].Last is EndTrade:
                break;
            case LinkedTrades.Standing.Alone:
                Settle(intent, effects);
                break;
            case LinkedTrades.Standing.Together:
                SettleTogether(together, effects);
                break;
            case LinkedTrades.Standing.Broken:
                EndLinked([intent], effects);
                break;
            default:
                break;
        }
    }

    /// <summary>Linked routes are filled all or none: one without the others would leave what lies between them.</summary>
    private void SettleTogether(ImmutableArray<TradeIntent> intents, Effects<IExecutorEvent> effects)
    {
        var attempt = new PoolOverlay(_pools.Shown);
        foreach (var intent in intents)
        {
            if (PaperVenue.Settle(intent, attempt, _setup.Terms.Units, _view.NewestSlot, effects.Now) is { Ending: not Ending.Executed } missed)
            {
                foreach (var each in intents)
                    Send(new EndTrade(NotIntended(each, new Rejection(missed.Reason, missed.Detail), effects.Now)), effects);
                return;
            }
        }

        foreach (var intent in intents)
            Settle(intent, effects);
    }

    private void EndLinked(ImmutableArray<TradeIntent> intents, Effects<IExecutorEvent> effects)
    {
        foreach (var intent in intents)
            Send(new EndTrade(NotIntended(intent, LinkedRefusal, effects.Now)), effects);
    }

    private void Settle(TradeIntent intent, Effects<IExecutorEvent> effects)
    {
        _desk.Begin(intent);
        Send(new EndTrade(_pools.Settle(intent, _view.NewestSlot, effects.Now)), effects);
    }

    /// <summary>An outcome is durable: the pools are as it left them, but where too much waits for pools that cannot be quoted.</summary>
    private void EndFill(TradeOutcome outcome)
    {
        var before = _pools.LetGo;
        _pools.End(outcome);
        for (var counted = before; counted < _pools.LetGo; counted++)
            _setup.Metrics.Fault(
                PersistenceId, nameof(FilledPools.LetGo), $"executor: more than {FilledPools.WaitingKept} durable swaps wait for pools that are hidden: the oldest do not show with theirs");
    }

    /// <summary>
    /// What ended while the last append was under way is counted together: one commit for each trade would make the executor slower than its trades.
    /// </summary>
    private void Gather(TradeId id, Effects effects)
    {
        if (_ended.Count == 0)
            effects.Send<IExecutorMessage>(Self, TallyTrades.Instance);
        _ended.Add(id);
    }

    /// <summary>Linked routes are counted with the last of them that ends.</summary>
    private void Tally(ExecutorState state, Effects<IExecutorEvent> effects)
    {
        var told = new HashSet<TradeId>();
        foreach (var id in _ended)
        {
            var chain = _linked.ChainOf(id);
            ImmutableArray<TradeOutcome> outcomes = [.. chain.Select(each => _trades.GetValueOrDefault(each)?.Outcome).OfType<TradeOutcome>()];
            if (told.Contains(id) || outcomes.IsEmpty || !chain.All(IsOver) || (chain.Length > 1 && AwaitsValues(state, id, outcomes, chain.Length, effects)))
                continue;
            foreach (var outcome in outcomes)
            {
                if (outcome.Ending == Ending.Executed && !state.Tallied.Contains(outcome.TradeId))
                    effects.Send<IFeedMessage>(_setup.Feed, new SettleOnChain(outcome));
            }

            var decision = chain.Length > 1 ? ExecutorRules.DecideLinked(state, outcomes, chain.Length, _view) : ExecutorRules.Decide(state, outcomes[0]);
            Persist(decision, effects);
            for (var i = 0; i < decision.Count; i++)
                state = Apply(state, decision[i]);
            foreach (var outcome in outcomes)
            {
                effects.Send<IRouterMessage>(_setup.Router, outcome);
                effects.Send<IExecutorMessage>(Self, new TradeTold(outcome.TradeId));
                told.Add(outcome.TradeId);
            }
        }

        _ended.Clear();
    }

    /// <summary>What is journalled of a loss stands: it is not valued on what is not told yet, unless that does not come.</summary>
    private bool AwaitsValues(ExecutorState state, TradeId id, ImmutableArray<TradeOutcome> outcomes, int routes, Effects effects)
    {
        if (ExecutorRules.AreValued(state, outcomes, routes, _view) || !_trades.TryGetValue(id, out var trade))
            return false;
        trade.ValuedBy ??= _setup.Now() + ValuesPatience;
        if (_setup.Now() >= trade.ValuedBy)
            return false;
        effects.Schedule<IExecutorMessage>(RetryTimer, RetryAfter, Self, RetryTrades.Instance);
        return true;
    }

    /// <summary>Whether it ended, was told to have, or is read no more.</summary>
    private bool IsOver(TradeId id) => !_trades.TryGetValue(id, out var trade) || trade.Outcome is not null || trade.Readings > ReadingsMax;

    private void Forget(TradeId id, Effects effects)
    {
        _desk.End(id);
        _linked.End(id);
        if (_trades.Remove(id, out var trade) && trade.Actor is { } actor)
            effects.Stop(actor);
    }

    private TradeOutcome NotIntended(TradeIntent intent, Rejection? rejection, DateTimeOffset now) =>
        NotIntended(intent.SnapshotId, intent.RouteIndex, rejection ?? new Rejection(ReasonCode.NotIntended), now);

    private TradeOutcome NotIntended(SnapshotId snapshot, int route, Rejection reason, DateTimeOffset now) =>
        new(
            TradeId.Of(snapshot, route),
            snapshot,
            route,
            reason.Code == ReasonCode.Expired ? Ending.Expired : Ending.Rejected,
            reason.Code,
            reason.Detail ?? "",
            [],
            0,
            0,
            _view.NewestSlot,
            now);

    private void Send(ITradeMessage command, Effects<IExecutorEvent> effects)
    {
        if (command is IntendTrade intend)
            _desk.Begin(intend.Intent);
        if (!_trades.TryGetValue(command.TradeId, out var trade))
            _trades.Add(command.TradeId, trade = new Trade());
        if (trade.Actor is not { } actor)
        {
            trade.Actor = actor = Spawn(command.TradeId, effects);
            _made.Add(trade);
        }

        trade.Last = command;
        trade.Again = false;
        effects.Send<ITradeMessage>(actor, new TradeCommand(command, _view.NewestSlot));
    }

    private ActorRef<ITradeMessage> Spawn(TradeId id, Effects<IExecutorEvent> effects)
    {
        var actor = effects.Spawn(
            new Props<ITradeMessage>(() => new TradeActor(id, Self, _setup.Health, _setup.Halt, _setup.HearsControl)), $"trade-{++_tradesMade}");
        effects.Watch<IExecutorMessage>(actor, Self, new TradeLost(id, actor));
        return actor;
    }

    /// <summary>Another executor wrote the trade's next event before it was fenced: what it wrote stands, and is read.</summary>
    private void ReadAgain(TradeLost lost, Effects<IExecutorEvent> effects)
    {
        if (!_trades.TryGetValue(lost.TradeId, out var trade) || trade.Actor != lost.Actor)
            return;
        if (++trade.Readings > ReadingsMax)
        {
            EndLinked(_linked.Break(lost.TradeId), effects);
            Gather(lost.TradeId, effects);
            return;
        }

        trade.Actor = null;
        RetryLater(lost.TradeId, effects);
    }

    private void RetryLater(TradeId id, Effects<IExecutorEvent> effects)
    {
        if (!_trades.TryGetValue(id, out var trade))
            return;
        trade.Again = true;
        effects.Schedule<IExecutorMessage>(RetryTimer, RetryAfter, Self, RetryTrades.Instance);
    }

    /// <summary>What could not be written is told again. A settlement is made anew: the pools have moved meanwhile.</summary>
    private void Retry(ExecutorState state, Effects<IExecutorEvent> effects)
    {
        HaltAtStart(state, effects);
        KeepHalt(effects);
        foreach (var (id, trade) in _trades.ToArray())
        {
            if (trade.ValuedBy is not null)
                Gather(id, effects);
            if (!trade.Again)
                continue;
            if (trade.Outcome is { } outcome)
                effects.Send<IExecutorMessage>(Self, new TradeStands(outcome.TradeId, new TradeState(null, outcome), null));
            else if (trade.Last is { } last)
                Send(last is EndTrade { Outcome.Ending: Ending.Executed } && !_linked.AreSettled(last.TradeId) ? new IntendTrade(_desk.IntentOf(last.TradeId)!) : last, effects);
        }

        TakeHeld(state, effects);
    }

    private void Persist(Decision<IExecutorEvent> decision, Effects<IExecutorEvent> effects)
    {
        if (decision.Rejection is { } rejection)
            _setup.Metrics.CommandRefused(PersistenceId, "executor: command", rejection, effects.Now);
        _begunAt = _setup.Health.Refusals;
        for (var i = 0; i < decision.Count; i++)
            effects.Persist(decision[i]);
    }

    private void NoteCommit(ExecutorState state)
    {
        if (SequenceNumber == _sequence)
            return;
        _sequence = SequenceNumber;
        _setup.Board.Executor = state;
        _setup.Halt.IsStanding = state.TradingState == TradingState.Halted;
        _setup.Health.Succeeded(_begunAt);
        // Only now: a tally that the journal refused is tried again, and counted once.
        if (state.Loss > _lossCounted)
            _allowance.Lose(state.Loss - _lossCounted);
        else if (state.Loss < _lossCounted)
            _allowance.Resume();
        _lossCounted = state.Loss;
        _steeredBy = null;
        if (_writingHalt is { } halt)
            _setup.Halt.Durable(halt);
        _writingHalt = null;
    }

    private sealed class Trade
    {
        /// <summary>Null where it has ended and is to be made anew.</summary>
        public ActorRef<ITradeMessage>? Actor { get; set; }

        /// <summary>How often it ended.</summary>
        public int Readings { get; set; }

        /// <summary>The last command sent.</summary>
        public ITradeMessage? Last { get; set; }

        /// <summary>How it ended; null before.</summary>
        public TradeOutcome? Outcome { get; set; }

        /// <summary>Until when it waits for the values of what its chain left; null where it does not.</summary>
        public TimeSpan? ValuedBy { get; set; }

        /// <summary>Whether the journal refused what was said last.</summary>
        public bool Again { get; set; }
    }
}
