using QTrade.Actors;
using QTrade.Actors.EventSourcing;
using QTrade.Actors.Journal;
using QTrade.Markets;
using QTrade.Messages;
using QTrade.Messages.Registry;
using QTrade.Trading.Registry;

namespace QTrade.Node.Actors;

/// <summary>One token's registration: mint, symbol, decimals, value and holding.</summary>
public sealed class TokenActor : EventSourcedActor<ITokenMessage, ITokenEvent, TokenState>
{
    private readonly TokenId _id;
    private readonly MarketSubscribers _subscribers;
    private readonly ActorRef<IRegistryMessage> _registry;
    private readonly NodeMetrics _metrics;
    private readonly JournalHealth _health;
    private ITokenMessage? _pending;

    /// <param name="id">The token.</param>
    /// <param name="subscribers">Who is told of every durable change.</param>
    /// <param name="registry">Is told what became of every command.</param>
    /// <param name="metrics">Counts refusals.</param>
    /// <param name="health">Learns whether the journal writes.</param>
    public TokenActor(
        TokenId id, MarketSubscribers subscribers, ActorRef<IRegistryMessage> registry, NodeMetrics metrics, JournalHealth health)
    {
        _id = id;
        _subscribers = subscribers;
        _registry = registry;
        _metrics = metrics;
        _health = health;
        PersistenceId = PersistenceIds.Token(id);
    }

    public override string PersistenceId { get; }

    protected override TokenState Initial => TokenState.Unknown;

    protected override IEventCodec<ITokenEvent> Codec => WireCodec<ITokenEvent>.Instance;

    public override TokenState Apply(TokenState state, ITokenEvent @event) => TokenRegistry.Apply(state, @event);

    public override void OnRecovered(TokenState state, Effects<ITokenEvent> effects)
    {
        if (state.Token is not null)
            _subscribers.Publish(new TokenRegistered(state.Sequence, state.Token), effects);
    }

    public override void Decide(TokenState state, ITokenMessage message, Effects<ITokenEvent> effects)
    {
        var decision = TokenRegistry.Decide(state, message);
        if (decision.Rejection is { } rejection)
            _metrics.CommandRefused(PersistenceId, $"token {_id}: registration", rejection, effects.Now);
        if (decision.Count > 0)
        {
            _pending = message;
            effects.Persist(decision[0]);
            _subscribers.Publish(decision[0], effects);
        }

        effects.Send<IRegistryMessage>(_registry, new RegistrationEnded(PersistenceId, decision.Rejection));
    }

    public override void OnPersistFailed(AppendStatus status, string error, Effects<ITokenEvent> effects)
    {
        _health.Failed(status, error);
        effects.Schedule("again", RegistryActor.RetryAfter, Self, _pending!);
    }
}
