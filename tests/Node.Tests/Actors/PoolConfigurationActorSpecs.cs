using QTrade.Actors;
using QTrade.Markets;
using QTrade.Messages.Execution;
using QTrade.Messages.Pools;
using QTrade.Messages.Registry;
using QTrade.Messages.Routing;
using QTrade.Node.Actors;
using QTrade.Node.Configuration;
using QTrade.Node.Tests.Replay;
using QTrade.Node.Tests.Simulation;
using QTrade.Shared.Actors;
using QTrade.Trading.Registry;

namespace QTrade.Node.Tests.Actors;

/// <summary>A configuration that changes with every move of a price, as one with a fee in every bin does.</summary>
public sealed class PoolConfigurationActorSpecs : IDisposable
{
    private const int Changes = 20;
    private static readonly Pool Sample = SampleMarkets.Mixed.Pools[0];

    private readonly ActorBench _bench = new();
    private readonly ActorRef<IPoolConfigurationMessage> _actor;
    private readonly string _id;

    public PoolConfigurationActorSpecs()
    {
        var subscribers = new MarketSubscribers(new TestProbe<IRouterMessage>(_bench.System, "router").Ref, null);
        var pools = new TestProbe<IPoolMessage>(_bench.System, "pools").Ref;
        var registry = new TestProbe<IRegistryMessage>(_bench.System, "registry").Ref;
        _id = QTrade.Messages.PersistenceIds.Configuration(Sample.Id);
        _actor = _bench.System.Spawn(
            new Props<IPoolConfigurationMessage>(() => new PoolConfigurationActor(Sample.Id, subscribers, pools, registry, _bench.Metrics, _bench.Health)), "config");
        _bench.Run();
    }

    /// <summary>Retention lets go of no event but of what lies behind a snapshot.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_replaced_may_go_and_the_node_recovers_the_same(bool isRetired)
    {
        var last = Sample;
        for (var change = 1; change < Changes; change++)
            Tell(new ConfigurePool(last = Sample with { Fee = change / 1_000.0 }));
        Assert.Null(_bench.Journal.ReadSnapshot(_id));
        Tell(isRetired ? new RetirePool(Sample.Id) { By = new Operator("me", "127.0.0.1") } : new ConfigurePool(last = Sample with { Fee = 0.5 }));
        Assert.Equal(Changes, _bench.Journal.ReadSnapshot(_id)?.SequenceNumber);

        var whole = Recover(_bench.Journal);
        Assert.Equal((Changes, isRetired, last), (whole.Sequence, whole.Retired, whole.Pool!));
        Assert.Equal(whole, Recover(new TrimmedJournal(_bench.Journal, stored => stored.SequenceNumber < Changes)));
    }

    public void Dispose() => _bench.Dispose();

    private PoolConfigurationState Recover(QTrade.Actors.Journal.IJournal journal)
    {
        var found = NodeRecovery.Read(journal, new ExecutorOptions().ForRisk(), _bench.Scheduler.Time).Entities.Peek(_id)!;
        Assert.Empty(found.Quarantined);
        return (PoolConfigurationState)found.State;
    }

    private void Tell(IPoolConfigurationMessage command)
    {
        _actor.Tell(command);
        _bench.Run();
    }
}
