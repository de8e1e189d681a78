using System.Collections.Immutable;
using QTrade.Actors;
using QTrade.Actors.Mailboxes;
using QTrade.Markets;
using QTrade.Messages;
using QTrade.Messages.Pools;
using QTrade.Messages.Routing;
using QTrade.Node.Actors;
using QTrade.Node.Cluster;
using QTrade.Node.Tests.Simulation;
using QTrade.Shared.Actors;
using QTrade.Trading.Registry;

namespace QTrade.Node.Tests.Actors;

/// <summary>What a pool says of an observation before its shard acknowledges it to the broker.</summary>
public sealed class PoolActorSpecs : IDisposable
{
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(3);
    private static readonly Pool Sample = SampleMarkets.Mixed.Pools[0];

    private readonly ActorBench _bench = new();
    private readonly TestProbe<IShardMessage> _shard;
    private readonly ActorRef<IPoolMessage> _pool;

    public PoolActorSpecs()
    {
        var router = new TestProbe<IRouterMessage>(_bench.System, "router");
        _shard = new TestProbe<IShardMessage>(_bench.System, "shard");
        _pool = _bench.System.Spawn(
            new Props<IPoolMessage>(() => new PoolActor(
                Sample.Id, new PoolConfigurationState(1, Sample, false), new MarketSubscribers(router.Ref, null), _bench.Metrics, _bench.Health))
            {
                Mailbox = MailboxOptions.Conflating(PoolConflation.Instance),
            },
            "pool");
        _bench.Run();
    }

    [Fact]
    public void A_durable_observation_is_handled()
    {
        Observe(2_000, 1);
        Ask(7);
        Assert.Equal([new PoolHandled(Sample.Id, 7)], _shard.Received);
        Assert.Equal(1, _bench.Journal.LastOrdinal);
    }

    [Fact]
    public void One_that_the_journal_refuses_is_not_handled_before_it_is_durable()
    {
        _bench.Held.IsGone = true;
        Observe(2_000, 1);
        Ask(7);
        _bench.Run(Later);
        Assert.Empty(_shard.Received);

        _bench.Held.IsGone = false;
        _bench.Run(Later);
        Assert.Equal([new PoolHandled(Sample.Id, 7)], _shard.Received);
        Assert.Equal(1, _bench.Journal.LastOrdinal);
        Ask(8);
        Assert.Equal(new PoolHandled(Sample.Id, 8), _shard.Received[^1]);
    }

    [Fact]
    public void A_newer_one_that_is_durable_handles_the_refused_one_too_and_an_older_one_does_not()
    {
        _bench.Held.IsGone = true;
        Observe(2_000, 5);
        Ask(7);
        _bench.Held.IsGone = false;
        Observe(1_999, 4);
        Assert.Empty(_shard.Received);
        Observe(2_001, 6);
        Assert.Equal([new PoolHandled(Sample.Id, 7)], _shard.Received);
        _bench.Run(Later);
        Assert.Single(_shard.Received);
    }

    [Fact]
    public void One_that_is_refused_for_good_meanwhile_is_handled()
    {
        _bench.Held.IsGone = true;
        Observe(2_000, 1);
        Ask(7);
        _bench.Held.IsGone = false;
        _pool.Tell(new ApplyConfiguration(Sample.Id, new PoolConfigurationState(2, Sample, true)));
        _bench.Run(Later);
        Assert.Equal([new PoolHandled(Sample.Id, 7)], _shard.Received);
        Assert.Equal(0, _bench.Journal.LastOrdinal);
    }

    public void Dispose() => _bench.Dispose();

    private void Observe(double reserve, ulong slot)
    {
        ImmutableArray<double> reserves = [1_000, reserve];
        _pool.Tell(new ObserveReserves(Sample.Id, reserves, new PositionVector(new ChainPosition(slot, 1))));
        _bench.Run();
    }

    private void Ask(long turn)
    {
        _pool.Tell(new AskHandled(Sample.Id, turn, _shard.Ref));
        _bench.Run();
    }
}
