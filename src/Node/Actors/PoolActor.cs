using QTrade.Actors;
using QTrade.Actors.EventSourcing;
using QTrade.Actors.Journal;
using QTrade.Markets;
using QTrade.Messages;
using QTrade.Messages.Pools;
using QTrade.Node.Cluster;
using QTrade.Trading.Pools;
using QTrade.Trading.Registry;

namespace QTrade.Node.Actors;

/// <summary>
/// One pool: keeps its newest state and publishes it once it is durable. While a state is being written newer ones overwrite
/// each other in the mailbox. Who asks whether it has handled what it was told is answered once that is durable.
/// </summary>
public sealed class PoolActor : EventSourcedActor<IPoolMessage, IPoolEvent, PoolState>
{
    private const string AgainTimer = "again";

    private readonly PoolId _id;
    private readonly MarketSubscribers _subscribers;
    private readonly NodeMetrics _metrics;
    private readonly JournalHealth _health;
    private PoolConfigurationState _configuration;
    private ObserveReserves? _persisting;
    private ObserveReserves? _refused;
    private AskHandled? _asked;
    private bool _heals;
    private long _sequence;
    private long _begunAt;

    /// <param name="id">The pool.</param>
    /// <param name="configuration">What its observations are judged against, until that changes.</param>
    /// <param name="subscribers">Who is told of every durable change.</param>
    /// <param name="metrics">Counts refusals.</param>
    /// <param name="health">Learns whether the journal writes.</param>
    public PoolActor(
        PoolId id, PoolConfigurationState configuration, MarketSubscribers subscribers, NodeMetrics metrics, JournalHealth health)
    {
        _id = id;
        _configuration = configuration;
        _subscribers = subscribers;
        _metrics = metrics;
        _health = health;
        PersistenceId = PersistenceIds.Pool(id);
    }

    public override string PersistenceId { get; }

    protected override PoolState Initial => PoolState.Unseen;

    protected override IEventCodec<IPoolEvent> Codec => WireCodec<IPoolEvent>.Instance;

    protected override IEventCodec<PoolState> SnapshotCodec => PoolStateCodec.Instance;

    // What a start reads of a pool that has been quiet for long: a snapshot is as small as an event.
    protected override int SnapshotEvery => 200;

    public override PoolState Apply(PoolState state, IPoolEvent @event) => PoolObservation.Apply(state, @event);

    public override void OnRecovered(PoolState state, Effects<IPoolEvent> effects)
    {
        _sequence = state.Sequence;
        if (state.Newest is { } newest)
            _subscribers.Publish(newest, effects);
    }

    public override void Decide(PoolState state, IPoolMessage message, Effects<IPoolEvent> effects)
    {
        NoteCommit(state);
        switch (message)
        {
            case ObserveReserves observed:
                Observe(state, observed, effects);
                break;
            case ApplyConfiguration applied:
                _configuration = applied.Configuration;
                break;
            case AskHandled ask when _refused is not null:
                _asked = ask;
                break;
            case AskHandled ask:
                Answer(ask, effects);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(message), message.GetType().Name, "not a message of a pool");
        }
    }

    // A later observation heals this one's loss, but a pool that is quiet has none: the newest that was refused is told again.
    public override void OnPersistFailed(AppendStatus status, string error, Effects<IPoolEvent> effects)
    {
        _health.Failed(status, error);
        _heals = false;
        // What is told again in time may have been overtaken: of two that were refused the newer is kept.
        if (_refused is null || _persisting!.At.CompareTo(_refused.At) == PositionOrder.Newer)
            _refused = _persisting;
        effects.Schedule(AgainTimer, RegistryActor.RetryAfter, Self, (IPoolMessage)_refused!);
    }

    private void Observe(PoolState state, ObserveReserves observed, Effects<IPoolEvent> effects)
    {
        var decision = PoolObservation.Decide(state, _configuration, observed);
        if (decision.Rejection is { } rejection)
            _metrics.UpdateRefused(_id, rejection, effects.Now);
        var heals = _refused is not null && (ReferenceEquals(observed, _refused) || observed.At.CompareTo(_refused.At) == PositionOrder.Newer);
        if (decision.Count == 0)
        {
            if (heals)
                Heal(effects);
            return;
        }

        _begunAt = _health.Refusals;
        _persisting = observed;
        _heals = heals;
        // Sent with the commit, or not at all.
        if (heals && _asked is { } asked)
            Answer(asked, effects);
        effects.Persist(decision[0]);
        _subscribers.Publish((ReservesChanged)decision[0], effects);
    }

    private void NoteCommit(PoolState state)
    {
        if (state.Sequence == _sequence)
            return;
        _sequence = state.Sequence;
        _health.Succeeded(_begunAt);
        if (_heals)
            (_refused, _asked, _heals) = (null, null, false);
    }

    /// <summary>What was refused by the journal is nothing that this pool would write now.</summary>
    private void Heal(Effects effects)
    {
        if (_asked is { } asked)
            Answer(asked, effects);
        (_refused, _asked) = (null, null);
    }

    private void Answer(AskHandled ask, Effects effects) => effects.Send<IShardMessage>(ask.ReplyTo, new PoolHandled(_id, ask.Turn));
}
