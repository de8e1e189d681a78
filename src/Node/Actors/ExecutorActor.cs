using QTrade.Actors;
using QTrade.Actors.EventSourcing;
using QTrade.Actors.Journal;
using QTrade.Messages;
using QTrade.Messages.Execution;
using QTrade.Messages.Routing;
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
public sealed partial class ExecutorActor : EventSourcedActor<IExecutorMessage, IExecutorEvent, ExecutorState>
{
    private const string RetryTimer = "retry";
    private const string AllowanceTimer = "allowance";

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AllowanceEvery = RiskAllowance.ReportEvery / 2;

    /// <summary>How long what a part of linked routes left waits for the values of its tokens: an executor that takes over trades before it is told of the whole market.</summary>
    public static readonly TimeSpan ValuesPatience = TimeSpan.FromSeconds(30);

    private readonly ExecutorSetup _setup;
    private readonly IEventCodec<ExecutorState> _snapshots;
    private readonly MarketView _view;
    private readonly FeedHearing _hearing;
    private readonly FilledPools _pools;
    private readonly ExecutionDesk _desk = new();
    private readonly LinkedTrades _linked = new();
    private readonly TradesUnderWay _trades = new();
    private readonly List<TradeId> _ended = [];
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
        _trades.Begin();
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
        _trades.Refuse();
        effects.Schedule<IExecutorMessage>(RetryTimer, RetryAfter, Self, RetryTrades.Instance);
        // What was refused may have been the halt of a recovery, which this began with.
        effects.ScheduleRepeatedly<IExecutorMessage>(AllowanceTimer, AllowanceEvery, Self, AllowanceLook.Instance);
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
        CountLoss(state);
        _steeredBy = null;
        if (_writingHalt is { } halt)
            _setup.Halt.Durable(halt);
        _writingHalt = null;
    }
}
