using QTrade.Actors;
using QTrade.Broker;
using QTrade.Broker.InProcess;
using QTrade.Markets;
using QTrade.Messages;
using QTrade.Messages.Cluster;
using QTrade.Messages.Pools;
using QTrade.Messages.Registry;
using QTrade.Messages.Routing;
using QTrade.Node.Actors;
using QTrade.Node.Cluster;
using QTrade.Node.Tests.Actors;
using QTrade.Node.Tests.Simulation;
using QTrade.Shared.Actors;
using QTrade.Trading.Cluster;

namespace QTrade.Node.Tests.Cluster;

/// <summary>A shard of pools over a broker in virtual time, which delivers before it says that it does.</summary>
public sealed class ShardsActorSpecs : IDisposable
{
    private static readonly TimeSpan SaysSo = HastyTransport.SaysSo;
    private static readonly Pool Pool = SampleMarkets.Mixed.Pools[0];

    private readonly ActorBench _bench = new();
    private readonly InProcessTransport _feed;
    private readonly HastyTransport _transport;
    private readonly TestProbe<IMarketMessage> _publisher;
    private readonly Func<ShardsActor> _create;
    private readonly ActorRef<IShardMessage> _shards;
    private TimeSpan _drift;
    private TimeSpan _driftOfReading;

    public ShardsActorSpecs()
    {
        var broker = new InProcessBroker(_bench.Scheduler.Time);
        _feed = new InProcessTransport(broker, "feed");
        _transport = new HastyTransport(new InProcessTransport(broker, "n1"), _bench.Scheduler.Time);
        var market = new MarketSubscribers(new TestProbe<IRouterMessage>(_bench.System, "market").Ref, null);
        _publisher = new TestProbe<IMarketMessage>(_bench.System, "publisher");
        var node = new TestProbe<INodeMessage>(_bench.System, "node").Ref;
        var link = new ClusterLink { Transport = _transport, Roles = NodeRoles.Pools, Incarnation = 1, Version = "0" };
        _create = () => new ShardsActor(
            link, (id, configuration) => new PoolActor(id, configuration, market, _bench.Metrics, _bench.Health), _publisher.Ref, node, _bench.Metrics, Now);
        _shards = Begin("pools");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_observation_that_came_before_its_pool_was_configured_is_taken_once_it_is(bool beforeItIsSubscribed)
    {
        if (!beforeItIsSubscribed)
            _bench.Run(SaysSo * 2);
        Observe(slot: 5);
        Assert.Equal(0, _transport.Status.Acked);
        _shards.Tell(new PoolConfigurationHeard(new PoolConfigured(1, Pool)));
        _bench.Run(SaysSo * 2);

        Assert.Equal(5ul, Assert.Single(_bench.Events().OfType<ReservesChanged>()).At.NewestSlot);
        Assert.Equal(1, _transport.Status.Acked);
        Observe(slot: 6);
        Assert.Equal(2, _transport.Status.Acked);
        Assert.Equal(0, _bench.Metrics.UpdatesRefused);
    }

    [Fact]
    public void An_observation_of_a_pool_that_nobody_configures_is_given_up()
    {
        Observe(slot: 5);
        _bench.Run(ShardsActor.UnconfiguredFor / 2);
        Observe(slot: 6);
        _bench.Run(ShardsActor.UnconfiguredFor - SaysSo);
        Assert.Equal((1, 0), (_transport.Status.Acked, _bench.Metrics.UpdatesRefused));
        _bench.Run(SaysSo * 2);
        Assert.Equal((2, 1), (_transport.Status.Acked, _bench.Metrics.UpdatesRefused));

        // One that is configured late is observed from then on.
        _shards.Tell(new PoolConfigurationHeard(new PoolConfigured(1, Pool)));
        Observe(slot: 7);
        Assert.Equal(7ul, Assert.Single(_bench.Events().OfType<ReservesChanged>()).At.NewestSlot);
        Assert.Equal(3, _transport.Status.Acked);
    }

    [Fact]
    public void What_is_waited_for_while_the_clock_goes_on_is_given_up_a_moment_later()
    {
        _bench.Run(SaysSo * 2);
        // The second is not over when it is looked at, and is by the next reading.
        _driftOfReading = TimeSpan.FromMilliseconds(40);
        var neighbour = Enumerable.Range(0, 10_000).Select(i => new PoolId($"p{i}")).First(id => Shards.Of(id) == Shards.Of(Pool.Id));
        Observe(slot: 5);
        Observe(slot: 5, neighbour);
        _bench.Run(ShardsActor.UnconfiguredFor + SaysSo);
        Assert.Equal((2, 2), (_transport.Status.Acked, _bench.Metrics.UpdatesRefused));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Whoever_stops_before_its_subscription_stands_takes_nothing_from_whoever_begins_next(bool afterTheShardWasDropped)
    {
        _bench.Run(SaysSo / 2);
        if (afterTheShardWasDropped)
            Order(_shards, ShardOrderKind.Drop);
        _bench.Run(SaysSo / 4);
        ActorSystem.Stop(_shards);
        _bench.Run(SaysSo);
        var next = Begin("next");
        next.Tell(new PoolConfigurationHeard(new PoolConfigured(1, Pool)));
        _bench.Run(SaysSo * 2);
        Observe(slot: 5);

        Assert.Equal(5ul, Assert.Single(_bench.Events().OfType<ReservesChanged>()).At.NewestSlot);
    }

    [Fact]
    public void Whoever_stops_has_what_its_pools_said_forgotten_and_ends_each_subscription_once()
    {
        _shards.Tell(new PoolConfigurationHeard(new PoolConfigured(1, Pool)));
        _bench.Run(SaysSo * 2);
        Order(_shards, ShardOrderKind.Drop);
        _bench.Run(SaysSo);
        Order(_shards, ShardOrderKind.Consume);
        _bench.Run(SaysSo * 2);
        Assert.Equal((1, 1), (_publisher.Received.Count, _transport.Ended));

        ActorSystem.Stop(_shards);
        _bench.Run(SaysSo);
        Assert.Equal([new MarketForgotten(Pool.Id), new MarketForgotten(Pool.Id)], _publisher.Received);
        Assert.Equal(2, _transport.Ended);
    }

    public void Dispose() => _bench.Dispose();

    private ActorRef<IShardMessage> Begin(string name)
    {
        var shards = _bench.System.Spawn(new Props<IShardMessage>(_create), name);
        Order(shards, ShardOrderKind.Consume);
        return shards;
    }

    private static void Order(ActorRef<IShardMessage> shards, ShardOrderKind kind) =>
        shards.Tell(new ShardOrdered(new ShardOrder(Shards.Of(Pool.Id), kind)));

    private TimeSpan Now()
    {
        _drift += _driftOfReading;
        return _bench.Scheduler.Time.GetElapsedTime(0) + _drift;
    }

    private void Observe(ulong slot, PoolId? pool = null)
    {
        _ = _feed.PublishAsync(Hop.Pools(Shards.Of(Pool.Id)), new ObserveReserves(pool ?? Pool.Id, Pool.Curve.State, new PositionVector(new ChainPosition(slot, 1))));
        _bench.Run(TimeSpan.FromMilliseconds(100));
    }
}
