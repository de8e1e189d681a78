using QTrade.Actors;
using QTrade.Actors.EventSourcing;
using QTrade.Actors.Journal;
using QTrade.Markets;
using QTrade.Messages;
using QTrade.Messages.Pools;
using QTrade.Messages.Registry;
using QTrade.Trading.Registry;

namespace QTrade.Node.Actors;

/// <summary>One pool's configuration: tokens, fees, bounds and curve, changeable while the node runs.</summary>
public sealed class PoolConfigurationActor : EventSourcedActor<IPoolConfigurationMessage, IPoolConfigurationEvent, PoolConfigurationState>
{
    private readonly PoolId _id;
    private readonly MarketSubscribers _subscribers;
    private readonly ActorRef<IPoolMessage> _pools;
    private readonly ActorRef<IRegistryMessage> _registry;
    private readonly NodeMetrics _metrics;
    private readonly JournalHealth _health;
    private IPoolConfigurationMessage? _pending;

    /// <param name="id">The pool.</param>
    /// <param name="subscribers">Who is told of every durable change.</param>
    /// <param name="pools">Judges observations by the configuration.</param>
    /// <param name="registry">Is told what became of every command.</param>
    /// <param name="metrics">Counts refusals.</param>
    /// <param name="health">Learns whether the journal writes.</param>
    public PoolConfigurationActor(
        PoolId id,
        MarketSubscribers subscribers,
        ActorRef<IPoolMessage> pools,
        ActorRef<IRegistryMessage> registry,
        NodeMetrics metrics,
        JournalHealth health)
    {
        _id = id;
        _subscribers = subscribers;
        _pools = pools;
        _registry = registry;
        _metrics = metrics;
        _health = health;
        PersistenceId = PersistenceIds.Configuration(id);
    }

    public override string PersistenceId { get; }

    protected override PoolConfigurationState Initial => PoolConfigurationState.Unknown;

    protected override IEventCodec<IPoolConfigurationEvent> Codec => WireCodec<IPoolConfigurationEvent>.Instance;

    protected override IEventCodec<PoolConfigurationState> SnapshotCodec => StateCodecs.PoolConfiguration;

    // Of a live chain a pool with a fee in every bin is configured anew with every move of its price, in tens of kilobytes each: retention lets go of no event but behind a snapshot.
    protected override int SnapshotEvery => 20;

    public override PoolConfigurationState Apply(PoolConfigurationState state, IPoolConfigurationEvent @event) => PoolRegistry.Apply(state, @event);

    public override void OnRecovered(PoolConfigurationState state, Effects<IPoolConfigurationEvent> effects)
    {
        if (state.Pool is not null)
            Publish(state.Retired ? new PoolRetired(_id, state.Sequence) : new PoolConfigured(state.Sequence, state.Pool), state, effects);
    }

    public override void Decide(PoolConfigurationState state, IPoolConfigurationMessage message, Effects<IPoolConfigurationEvent> effects)
    {
        var decision = PoolRegistry.Decide(state, message);
        if (decision.Rejection is { } rejection)
            _metrics.CommandRefused(PersistenceId, $"pool {_id}: configuration", rejection, effects.Now);
        if (decision.Count > 0)
        {
            _pending = message;
            effects.Persist(decision[0]);
            Publish(decision[0], PoolRegistry.Apply(state, decision[0]), effects);
        }

        effects.Send<IRegistryMessage>(_registry, new RegistrationEnded(PersistenceId, decision.Rejection));
    }

    public override void OnPersistFailed(AppendStatus status, string error, Effects<IPoolConfigurationEvent> effects)
    {
        _health.Failed(status, error);
        effects.Schedule("again", RegistryActor.RetryAfter, Self, _pending!);
    }

    private void Publish(IPoolConfigurationEvent change, PoolConfigurationState state, Effects effects)
    {
        effects.Send<IPoolMessage>(_pools, new ApplyConfiguration(_id, state));
        _subscribers.Publish(change, effects);
    }
}
