using QTrade.Actors;
using QTrade.Actors.EventSourcing;
using QTrade.Actors.Journal;
using QTrade.Messages;
using QTrade.Messages.Execution;
using QTrade.Trading.Execution;

namespace QTrade.Node.Actors;

/// <summary>
/// One trade (law 7): makes its intent durable before anybody acts on it, and its outcome after. It answers every command with how the
/// trade then stands, so that repeating a command is safe.
/// </summary>
public sealed class TradeActor : EventSourcedActor<ITradeMessage, ITradeEvent, TradeState>
{
    private readonly TradeId _id;
    private readonly ActorRef<IExecutorMessage> _executor;
    private readonly JournalHealth _health;
    private readonly HaltSwitch _halt;
    private readonly Func<bool> _hearsControl;
    private long _sequence;
    private long _begunAt;

    /// <param name="id">The trade.</param>
    /// <param name="executor">Is told how the trade stands.</param>
    /// <param name="health">Learns whether the journal writes.</param>
    /// <param name="halt">While it is in force nothing is intended that was not before.</param>
    /// <param name="hearsControl">Whether a halt that is ordered now would be heard: nothing is intended while it would not.</param>
    public TradeActor(TradeId id, ActorRef<IExecutorMessage> executor, JournalHealth health, HaltSwitch halt, Func<bool> hearsControl)
    {
        _id = id;
        _executor = executor;
        _health = health;
        _halt = halt;
        _hearsControl = hearsControl;
        PersistenceId = PersistenceIds.Trade(id);
    }

    public override string PersistenceId { get; }

    protected override TradeState Initial => TradeState.New;

    protected override IEventCodec<ITradeEvent> Codec => WireCodec<ITradeEvent>.Instance;

    public override TradeState Apply(TradeState state, ITradeEvent @event) => TradeRules.Apply(state, @event);

    public override void OnRecovered(TradeState state, Effects<ITradeEvent> effects) => _sequence = SequenceNumber;

    public override void Decide(TradeState state, ITradeMessage message, Effects<ITradeEvent> effects)
    {
        if (SequenceNumber != _sequence)
        {
            _sequence = SequenceNumber;
            _health.Succeeded(_begunAt);
        }

        if (message is not TradeCommand command)
            throw new ArgumentOutOfRangeException(nameof(message), message.GetType().Name, "not a message of a trade");
        var decision = !Unreadable.IsEmpty ? TradeRules.DecideAfterLoss(state, command.Command, command.NewestSlot, effects.Now)
            : _halt.IsInForce || !_hearsControl() ? TradeRules.DecideHalted(state, command.Command, command.NewestSlot)
            : TradeRules.Decide(state, command.Command, command.NewestSlot);
        _begunAt = _health.Refusals;
        var after = state;
        for (var i = 0; i < decision.Count; i++)
        {
            effects.Persist(decision[i]);
            after = TradeRules.Apply(after, decision[i]);
        }

        effects.Send<IExecutorMessage>(_executor, new TradeStands(_id, after, decision.Rejection));
    }

    public override void OnPersistFailed(AppendStatus status, string error, Effects<ITradeEvent> effects)
    {
        _health.Failed(status, error);
        effects.Send<IExecutorMessage>(_executor, new TradeNotWritten(_id));
    }
}
