using System.Collections.Immutable;
using QTrade.Actors;
using QTrade.Actors.Mailboxes;
using QTrade.Broker;
using QTrade.Markets;
using QTrade.Messages;
using QTrade.Messages.Pools;
using QTrade.Messages.Registry;
using QTrade.Node.Actors;
using QTrade.Trading;
using QTrade.Trading.Cluster;
using QTrade.Trading.Registry;

namespace QTrade.Node.Cluster;

/// <summary>
/// The pools of the shards that this node holds. Taking a shard recovers its pools from the journal; what is delivered is acknowledged once the
/// pool's state is durable; draining finishes what was delivered, stops the pools, and only then says that the shard is free.
/// </summary>
public sealed class ShardsActor : Actor<IShardMessage>
{
    /// <summary>Observations of one shard that may be under way.</summary>
    public const int UnendedMax = 500;

    /// <summary>Pools of one shard that may wait for their configuration: as many as a feed that has just found a whole chain's tells at once, and fewer than may be under way.</summary>
    public const int UnconfiguredMax = 400;

    /// <summary>How long an observation waits for its pool's configuration: it is on its way or will not come, and a broker takes back what is held for half an hour.</summary>
    public static readonly TimeSpan UnconfiguredFor = TimeSpan.FromMinutes(10);

    private readonly ClusterLink _link;
    private readonly Func<PoolId, PoolConfigurationState, PoolActor> _create;
    private readonly ActorRef<IMarketMessage> _publisher;
    private readonly ActorRef<INodeMessage> _node;
    private readonly NodeMetrics _metrics;
    private readonly Func<TimeSpan> _now;
    private readonly Dictionary<PoolId, PoolConfigurationState> _configurations = [];
    private readonly Dictionary<PoolId, Held> _pools = [];
    private readonly Shard?[] _shards = new Shard?[Hop.Shards];
    private readonly Subscriptions _subscriptions = new();
    private long _turns;

    /// <param name="link">The cluster.</param>
    /// <param name="create">Makes a pool's actor from its id and its configuration.</param>
    /// <param name="publisher">Forgets what another node publishes.</param>
    /// <param name="node">Is told of shards that are drained or refused.</param>
    /// <param name="metrics">Counts observations of pools that nobody configured.</param>
    /// <param name="now">Time since the node started, which nobody sets back.</param>
    public ShardsActor(
        ClusterLink link,
        Func<PoolId, PoolConfigurationState, PoolActor> create,
        ActorRef<IMarketMessage> publisher,
        ActorRef<INodeMessage> node,
        NodeMetrics metrics,
        Func<TimeSpan> now)
    {
        (_link, _create, _publisher, _node, _metrics, _now) = (link, create, publisher, node, metrics, now);
    }

    /// <summary>Whoever begins in its place subscribes anew, and what was delivered here goes back. Of a subscription that is still being made nobody here is told any more: it ends once it stands.</summary>
    public override void OnStop(Effects effects)
    {
        foreach (var id in _pools.Keys)
            effects.Send<IMarketMessage>(_publisher, new MarketForgotten(id));
        foreach (var subscription in _subscriptions.Close())
            End(subscription, effects);
    }

    public override void Handle(IShardMessage message, Effects effects)
    {
        switch (message)
        {
            case ShardOrdered { Order: { Kind: ShardOrderKind.Consume } order }:
                Consume(order.Shard, effects);
                break;
            case ShardOrdered { Order: { Kind: ShardOrderKind.Drain } order }:
                Drain(order.Shard, effects);
                break;
            case ShardOrdered ordered:
                Drop(ordered.Order.Shard, effects);
                break;
            case ShardSubscribed subscribed:
                Begin(subscribed, effects);
                break;
            case ShardDelivered delivered:
                Take(delivered, effects);
                break;
            case ShardCancelled cancelled when Current(cancelled.Shard, cancelled.Turn) is { } shard:
                shard.IsCancelled = true;
                EndIfDrained(cancelled.Shard, shard, effects);
                break;
            case UnconfiguredLook look:
                if (Current(look.Shard, look.Turn) is { } looked)
                    LookAtUnconfigured(look, looked, effects);
                break;
            case PoolHandled handled:
                Acknowledge(handled, effects);
                break;
            case PoolEnded ended:
                Lose(ended, effects);
                break;
            case PoolConfigurationHeard heard:
                Configure(heard.Change, effects);
                break;
            case ShardCancelled:
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(message), message.GetType().Name, "not a message of the shards");
        }
    }

    private Shard? Current(int shard, long turn) => _shards[shard] is { } current && current.Turn == turn ? current : null;

    private void Consume(int shard, Effects effects)
    {
        var turn = ++_turns;
        _shards[shard] = new Shard(turn);
        var (self, transport, subscriptions) = (Self, _link.Transport, _subscriptions);
        effects.RunAsync<ISubscription, IShardMessage>(
            async cancellation =>
            {
                var subscription = await transport.SubscribeAsync(
                    Hop.Pools(shard), UnendedMax, delivery => self.Tell(new ShardDelivered(shard, turn, delivery, transport.Status.Connects)), cancellation).ConfigureAwait(false);
                if (!subscriptions.TryAdd(subscription))
                    await subscription.DisposeAsync().ConfigureAwait(false);
                return subscription;
            },
            Self,
            subscription => new ShardSubscribed(shard, turn, subscription),
            _ => new ShardSubscribed(shard, turn, null));
    }

    private void Begin(ShardSubscribed subscribed, Effects effects)
    {
        if (Current(subscribed.Shard, subscribed.Turn) is not { } shard)
        {
            if (subscribed.Subscription is { } late)
                End(late, effects);
            return;
        }

        shard.Subscription = subscribed.Subscription;
        foreach (var (id, configuration) in _configurations)
        {
            if (Shards.Of(id) == subscribed.Shard && !configuration.Retired)
                Spawn(id, shard, effects);
        }

        // What came before this was said, and whose pool was configured meanwhile.
        foreach (var id in shard.Unconfigured.Keys.Where(_pools.ContainsKey).ToList())
            TakeWaiting(id, subscribed.Shard, shard, effects);
        if (shard.IsDraining)
            Cancel(subscribed.Shard, shard, effects);
    }

    private void TakeWaiting(PoolId id, int number, Shard shard, Effects effects)
    {
        if (shard.Unconfigured.Remove(id, out var waiting))
            Take(new ShardDelivered(number, shard.Turn, waiting.Delivery, _link.Transport.Status.Connects), effects);
    }

    private void Take(ShardDelivered delivered, Effects effects)
    {
        // It goes back with its subscription, which ends: returned by itself it would come again at once.
        if (Current(delivered.Shard, delivered.Turn) is not { } shard)
            return;

        // Where another node writes these pools it goes back, with the subscription that is about to end; what came over a lost connection has gone back already.
        var connects = _link.Transport.Status.Connects;
        if (shard.IsLost || delivered.Connects != connects)
            return;

        if (delivered.Delivery.Message is not ObserveReserves observed || Shards.Of(observed.PoolId) != delivered.Shard)
        {
            delivered.Delivery.Refuse($"{delivered.Delivery.Message.GetType().Name} does not belong to shard {delivered.Shard}");
            return;
        }

        if (!_pools.TryGetValue(observed.PoolId, out var pool))
        {
            if (!_configurations.ContainsKey(observed.PoolId))
            {
                // Its configuration is on its way. Observations are absolute: the newest arrival is enough.
                if (shard.Unconfigured.Remove(observed.PoolId, out var earlier))
                    earlier.Delivery.Ack();
                if (shard.Unconfigured.Count == 0)
                    effects.Schedule<IShardMessage>($"unconfigured-{delivered.Shard}", UnconfiguredFor, Self, new UnconfiguredLook(delivered.Shard, shard.Turn));
                shard.Unconfigured.Add(observed.PoolId, new Unconfigured(delivered.Delivery, _now()));
                if (shard.Unconfigured.Count > UnconfiguredMax)
                    GiveUp(shard, [.. shard.Unconfigured.Keys], effects);
                return;
            }

            pool = Spawn(observed.PoolId, shard, effects);
        }
        else if (pool.Connects != connects)
        {
            pool = SpawnAnew(observed.PoolId, pool, shard, effects);
        }

        shard.Unended++;
        pool.Waiting.Add(delivered.Delivery);
        effects.Send<IPoolMessage>(pool.Actor, observed);
        AskIfIdle(observed.PoolId, pool, effects);
    }

    private void LookAtUnconfigured(UnconfiguredLook look, Shard shard, Effects effects)
    {
        // Read once: what is not given up now has time left.
        var now = _now();
        GiveUp(shard, [.. shard.Unconfigured.Where(waiting => now - waiting.Value.Since >= UnconfiguredFor).Select(waiting => waiting.Key)], effects);
        if (shard.Unconfigured.Count > 0)
            effects.Schedule<IShardMessage>(
                $"unconfigured-{look.Shard}", shard.Unconfigured.Values.Min(waiting => waiting.Since) + UnconfiguredFor - now, Self, look);
    }

    /// <summary>More pools wait for a configuration than a shard should have, or for longer than one takes.</summary>
    private void GiveUp(Shard shard, ImmutableArray<PoolId> pools, Effects effects)
    {
        foreach (var id in pools)
        {
            _metrics.UpdateRefused(id, new Rejection(ReasonCode.UnknownPool), effects.Now);
            shard.Unconfigured.Remove(id, out var waiting);
            waiting.Delivery.Ack();
        }
    }

    /// <summary>One question at a time: what comes meanwhile conflates in the pool's mailbox and is asked for together.</summary>
    private void AskIfIdle(PoolId id, Held pool, Effects effects)
    {
        if (pool.Asked.Count > 0 || pool.Waiting.Count == 0)
            return;
        (pool.Asked, pool.Waiting) = (pool.Waiting, pool.Asked);
        effects.Send<IPoolMessage>(pool.Actor, new AskHandled(id, pool.Turn, Self));
    }

    private void Acknowledge(PoolHandled handled, Effects effects)
    {
        if (!_pools.TryGetValue(handled.Pool, out var pool) || pool.Turn != handled.Turn)
            return;
        foreach (var delivery in pool.Asked)
            delivery.Ack();
        var number = Shards.Of(handled.Pool);
        if (_shards[number] is not { } shard)
            return;
        shard.Unended -= pool.Asked.Count;
        pool.Asked.Clear();
        AskIfIdle(handled.Pool, pool, effects);
        EndIfDrained(number, shard, effects);
    }

    private void Configure(IPoolConfigurationEvent change, Effects effects)
    {
        var id = change switch
        {
            PoolConfigured configured => configured.Pool.Id,
            PoolRetired retired => retired.PoolId,
            _ => throw new ArgumentOutOfRangeException(nameof(change), change.GetType().Name, "not an event of a pool's configuration"),
        };
        var before = _configurations.GetValueOrDefault(id, PoolConfigurationState.Unknown);
        if (change.Sequence <= before.Sequence || (change is PoolRetired && before.Pool is null))
            return;
        var configuration = _configurations[id] = PoolRegistry.Apply(before, change);
        if (_pools.TryGetValue(id, out var pool))
        {
            pool.Configuration = configuration;
            effects.Send<IPoolMessage>(pool.Actor, new ApplyConfiguration(id, configuration));
        }
        else if (_shards[Shards.Of(id)] is { IsDraining: false, IsLost: false, Subscription: not null } shard)
        {
            Spawn(id, shard, effects);
            TakeWaiting(id, Shards.Of(id), shard, effects);
        }
    }

    private Held Spawn(PoolId id, Shard shard, Effects effects)
    {
        if (_pools.TryGetValue(id, out var known))
            return known;
        var turn = ++_turns;
        var pool = new Held(turn, _link.Transport.Status.Connects) { Configuration = _configurations[id] };
        pool.Actor = effects.Spawn(
            new Props<IPoolMessage>(() => _create(id, pool.Configuration))
            {
                Mailbox = MailboxOptions.Conflating(PoolConflation.Instance),
            },
            $"{ActorNames.Of(id.Value)}-{turn}");
        effects.Watch<IShardMessage>(pool.Actor, Self, new PoolEnded(id, turn));
        _pools.Add(id, pool);
        shard.Pools.Add(id);
        return pool;
    }

    /// <summary>
    /// The broker delivers over another connection than when the pool was read: another node may have written it in between. It is read again, rather than
    /// fenced. What was delivered over the lost connection comes again.
    /// </summary>
    private Held SpawnAnew(PoolId id, Held before, Shard shard, Effects effects)
    {
        shard.Unended -= before.Asked.Count + before.Waiting.Count;
        _pools.Remove(id);
        effects.Stop(before.Actor);
        return Spawn(id, shard, effects);
    }

    private void Drain(int number, Effects effects)
    {
        if (_shards[number] is not { } shard)
        {
            effects.Send<INodeMessage>(_node, new ShardDrained(number));
            return;
        }

        shard.IsDraining = true;
        foreach (var waiting in shard.Unconfigured.Values)
            waiting.Delivery.Return();
        shard.Unconfigured.Clear();
        if (shard.Subscription is not null)
            Cancel(number, shard, effects);
    }

    private void Cancel(int number, Shard shard, Effects effects)
    {
        var (subscription, turn) = (shard.Subscription!, shard.Turn);
        effects.RunAsync<string, IShardMessage>(
            async _ =>
            {
                await subscription.CancelAsync().ConfigureAwait(false);
                return "";
            },
            Self,
            _ => new ShardCancelled(number, turn),
            _ => new ShardCancelled(number, turn));
    }

    private void EndIfDrained(int number, Shard shard, Effects effects)
    {
        if (!shard.IsDraining || !shard.IsCancelled || shard.Unended > 0)
            return;
        if (shard.Pools.Count > 0)
        {
            // Each tells its end, and with the last of them this is looked at again.
            if (!shard.IsStopping)
            {
                foreach (var id in shard.Pools)
                    effects.Stop(_pools[id].Actor);
            }

            shard.IsStopping = true;
            return;
        }

        _shards[number] = null;
        End(shard.Subscription, effects);
        effects.Send<INodeMessage>(_node, new ShardDrained(number));
    }

    private void Lose(PoolEnded ended, Effects effects)
    {
        if (!_pools.TryGetValue(ended.Pool, out var pool) || pool.Turn != ended.Turn)
            return;
        _pools.Remove(ended.Pool);
        effects.Send<IMarketMessage>(_publisher, new MarketForgotten(ended.Pool));
        var number = Shards.Of(ended.Pool);
        if (_shards[number] is not { } shard)
            return;
        shard.Pools.Remove(ended.Pool);
        foreach (var delivery in pool.Asked.Concat(pool.Waiting))
        {
            delivery.Return();
            shard.Unended--;
        }

        if (shard.IsDraining)
        {
            EndIfDrained(number, shard, effects);
        }
        else if (!shard.IsLost)
        {
            shard.IsLost = true;
            effects.Send<INodeMessage>(_node, new ShardRefused(number));
        }
    }

    /// <summary>Another node writes these pools: what was delivered goes back.</summary>
    private void Drop(int number, Effects effects)
    {
        if (_shards[number] is not { } shard)
            return;
        _shards[number] = null;
        foreach (var id in shard.Pools.ToList())
        {
            var pool = _pools[id];
            _pools.Remove(id);
            effects.Stop(pool.Actor);
            effects.Send<IMarketMessage>(_publisher, new MarketForgotten(id));
        }

        End(shard.Subscription, effects);
    }

    private void End(ISubscription? subscription, Effects effects)
    {
        if (subscription is null)
            return;
        _subscriptions.Remove(subscription);
        effects.RunAsync<string, IShardMessage>(
            async _ =>
            {
                await subscription.DisposeAsync().ConfigureAwait(false);
                return "";
            },
            Self,
            _ => new ShardCancelled(0, 0),
            _ => new ShardCancelled(0, 0));
    }

    /// <summary>Those that stand and were not ended. Added to by whoever makes them, on any thread, until the actor stops.</summary>
    private sealed class Subscriptions
    {
        private readonly Lock _gate = new();
        private readonly List<ISubscription> _standing = [];
        private bool _isClosed;

        public bool TryAdd(ISubscription subscription)
        {
            lock (_gate)
            {
                if (!_isClosed)
                    _standing.Add(subscription);
                return !_isClosed;
            }
        }

        public void Remove(ISubscription subscription)
        {
            lock (_gate)
                _standing.Remove(subscription);
        }

        /// <summary>None is added any more.</summary>
        /// <returns>Those to end.</returns>
        public ImmutableArray<ISubscription> Close()
        {
            lock (_gate)
            {
                _isClosed = true;
                return [.. _standing];
            }
        }
    }

    private readonly record struct Unconfigured(Delivery Delivery, TimeSpan Since);

    private sealed class Shard(long turn)
    {
        public long Turn => turn;

        public ISubscription? Subscription { get; set; }

        public SortedSet<PoolId> Pools { get; } = [];

        /// <summary>The newest observation of each pool that nobody configured yet.</summary>
        public SortedDictionary<PoolId, Unconfigured> Unconfigured { get; } = [];

        public int Unended { get; set; }

        public bool IsDraining { get; set; }

        public bool IsCancelled { get; set; }

        public bool IsStopping { get; set; }

        /// <summary>Another node wrote one of its pools: it is given up as a whole, once.</summary>
        public bool IsLost { get; set; }
    }

    // The configuration is read when the pool's actor is made anew, on that actor's turn.
    private sealed class Held(long turn, long connects)
    {
        private PoolConfigurationState _configuration = PoolConfigurationState.Unknown;

        public long Turn => turn;

        /// <summary>Connections to the broker when its pool was read.</summary>
        public long Connects => connects;

        public ActorRef<IPoolMessage> Actor { get; set; } = null!;

        /// <summary>Deliveries that the pool is asked about.</summary>
        public List<Delivery> Asked { get; set; } = [];

        /// <summary>Deliveries since.</summary>
        public List<Delivery> Waiting { get; set; } = [];

        public PoolConfigurationState Configuration
        {
            get => Volatile.Read(ref _configuration);
            set => Volatile.Write(ref _configuration, value);
        }
    }
}
