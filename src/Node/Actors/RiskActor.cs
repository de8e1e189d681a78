using QTrade.Actors;
using QTrade.Actors.EventSourcing;
using QTrade.Actors.Journal;
using QTrade.Messages;
using QTrade.Messages.Cluster;
using QTrade.Trading;
using QTrade.Trading.Cluster;

namespace QTrade.Node.Actors;

/// <summary>
/// The loss limit that executors share, leased to them in slices: the single writer of <c>risk</c>, beside the router. What it answers is durable before.
/// </summary>
public sealed class RiskActor(RiskSetup setup) : EventSourcedActor<IRiskMessage, IRiskEvent, RiskState>
{
    private const string LookTimer = "look";
    private const string AgainTimer = "again";

    private ActorRef<ExecutorCommandEnded>? _askedBy;
    private RiskAsked? _resets;
    private long _sequence;
    private long _begunAt;

    public override string PersistenceId => PersistenceIds.Risk;

    protected override RiskState Initial => RiskState.Initial;

    protected override IEventCodec<IRiskEvent> Codec => WireCodec<IRiskEvent>.Instance;

    protected override IEventCodec<RiskState>? SnapshotCodec => StateCodecs.Risk;

    // A report without news is an event every half minute, one with a loss every second.
    protected override int SnapshotEvery => 200;

    public override RiskState Apply(RiskState state, IRiskEvent @event) => RiskRules.Apply(state, @event);

    public override void OnRecovered(RiskState state, Effects<IRiskEvent> effects)
    {
        _sequence = SequenceNumber;
        if (!Unreadable.IsEmpty)
            setup.Metrics.Fault(
                PersistenceId, nameof(ReasonCode.EventsLost),
                $"risk: the journal lost {Unreadable.Sum(lost => lost.Count)} events of the shared loss limit: more may have been lost than it tells; executor resume counts anew");
        // Nothing is persisted here: where that is refused the timer would go with it.
        effects.ScheduleRepeatedly<IRiskMessage>(LookTimer, RiskAllowance.ReportEvery, Self, RiskLook.Instance);
    }

    public override void Decide(RiskState state, IRiskMessage message, Effects<IRiskEvent> effects)
    {
        NoteCommit();
        switch (message)
        {
            case RiskAsked asked:
                Decide(state, asked, effects);
                break;
            case RiskLook:
                Tell(Configure(state, effects), effects);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(message), message.GetType().Name, "not a message of the shared loss limit");
        }
    }

    public override void OnPersistFailed(AppendStatus status, string error, Effects<IRiskEvent> effects)
    {
        setup.Health.Failed(status, error);
        if (_askedBy is { } asker)
            effects.Send(asker, new ExecutorCommandEnded(null, error));
        _askedBy = null;
        // Nobody says it again: whoever resumed was told that trading goes on.
        if (_resets is { } reset)
            effects.Schedule<IRiskMessage>(AgainTimer, RiskAllowance.ReportEvery, Self, reset);
    }

    private void Decide(RiskState state, RiskAsked asked, Effects<IRiskEvent> effects)
    {
        var command = asked.Command;
        state = Configure(state, effects);
        var decision = RiskRules.Decide(state, command);
        var after = Persist(state, decision, effects);
        if (command is ResetRisk)
            _resets = asked;
        if (decision.Rejection is { } rejection)
        {
            setup.Metrics.CommandPassedOver("risk: command", rejection, effects.Now);
            if (SliceOf(command) is { } slice)
                Answer(new RiskRefused(slice.Executor, slice.Number, state.Generation, rejection.Code, rejection.Detail ?? ""), effects);
        }
        else if (RiskRules.Answer(after, command) is { } answer)
            Answer(answer, effects);
        else
            Tell(after, effects);

        if (asked.ReplyTo is not { } asker)
            return;
        _askedBy = decision.Count > 0 ? asker : null;
        effects.Send(asker, new ExecutorCommandEnded(decision.Rejection?.ToString(), null));
    }

    /// <summary>The configured limit is in force until a person sets one.</summary>
    private RiskState Configure(RiskState state, Effects<IRiskEvent> effects) =>
        state.IsOrdered ? state : Persist(state, RiskRules.Decide(state, new SetSharedLoss(setup.LossMax, effects.Now)), effects);

    private RiskState Persist(RiskState state, Decision<IRiskEvent> decision, Effects<IRiskEvent> effects)
    {
        _begunAt = setup.Health.Refusals;
        for (var i = 0; i < decision.Count; i++)
        {
            effects.Persist(decision[i]);
            state = RiskRules.Apply(state, decision[i]);
        }

        return state;
    }

    private void Tell(RiskState state, Effects effects) => Answer(
        new RiskTold(
            state.Generation, state.LossMax, state.Lost, state.Slices.Values.Sum(slice => slice.AtRisk), state.Slices.Count, state.Lapsed(effects.Now), state.IsOrdered),
        effects);

    private void Answer(IMessage answer, Effects effects) => effects.Send(setup.Executors, new RiskHeard(answer));

    private static (string Executor, long Number)? SliceOf(IRiskCommand command) => command switch
    {
        LeaseRiskSlice lease => (lease.Executor, lease.Slice),
        ReportRiskSlice report => (report.Executor, report.Slice),
        _ => null,
    };

    private void NoteCommit()
    {
        if (SequenceNumber == _sequence)
            return;
        _sequence = SequenceNumber;
        (_askedBy, _resets) = (null, null);
        setup.Health.Succeeded(_begunAt);
    }
}
