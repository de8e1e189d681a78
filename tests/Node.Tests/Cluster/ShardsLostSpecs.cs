using Microsoft.Extensions.Logging;
using QTrade.Actors.Journal;
using QTrade.Actors.Scheduling;
using QTrade.Broker;
using QTrade.Broker.InProcess;
using QTrade.Markets;
using QTrade.Messages;
using QTrade.Messages.Cluster;
using QTrade.Messages.Pools;
using QTrade.Messages.Registry;
using QTrade.Messages.Wire;
using QTrade.Node.Cluster;
using QTrade.Node.Configuration;
using QTrade.Node.Tests.EndToEnd;
using QTrade.Node.Tests.Simulation;
using QTrade.Trading.Cluster;

namespace QTrade.Node.Tests.Cluster;

/// <summary>A node with all pools, in virtual time, in which what holds the shards fails, or what made it.</summary>
public sealed class ShardsLostSpecs : IDisposable
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(5), Instant = TimeSpan.FromMilliseconds(50);
    private static readonly Pool Pool = SampleMarkets.Mixed.Pools[0];
    private static readonly PoolId Unknown = new("nobody knows it");

    private readonly SimulationScheduler _scheduler = new(1);
    private readonly InMemoryJournal _journal;
    private readonly InProcessTransport _feed;
    private readonly FailingLog _log = new();
    private readonly TradingNode _node;
    private long _told;

    public ShardsLostSpecs()
    {
        _journal = new InMemoryJournal(_scheduler.Time);
        var broker = new InProcessBroker(_scheduler.Time);
        _feed = new InProcessTransport(broker, "feed");
        _node = TradingNode.Start(new TradingNodeSetup
        {
            Options = new NodeOptions { Solver = new SolverOptions { WorkerThreads = 1 } },
            Market = SampleMarkets.Mixed,
            Scheduler = _scheduler,
            Journal = _journal,
            Cluster = new ClusterLink { Transport = new InProcessTransport(broker, "n1"), Roles = NodeRoles.Pools, Incarnation = 1, Version = "0", Feed = "one" },
            Log = _log,
        });
    }

    [Fact]
    public void They_are_taken_anew_and_what_was_delivered_comes_again()
    {
        _scheduler.RunFor(Moment);
        Configure();
        Observe(Pool.Id, slot: 5);
        Observe(Unknown, slot: 5);
        Assert.Single(Written);

        _log.FailsOnce(Unknown.Value);
        _scheduler.RunFor(ShardsActor.UnconfiguredFor);
        Assert.Equal(1, _log.Failed);
        _scheduler.RunFor(Moment);
        Configure();
        Observe(Pool.Id, slot: 6);
        Assert.Equal([5ul, 6ul], Written.Select(changed => changed.At.NewestSlot));

        // The one that it failed at is waited for again, and given up.
        var refused = _node.Status.UpdatesRefused;
        _scheduler.RunFor(ShardsActor.UnconfiguredFor);
        Assert.Equal(refused + 1, _node.Status.UpdatesRefused);
    }

    [Fact]
    public void They_are_given_up_at_once_and_nothing_is_told_to_what_held_them()
    {
        var said = new List<NodeAnnouncement>();
        _ = _feed.SubscribeAsync(Hop.Nodes, 1_000, delivery =>
        {
            if (delivery.Message is NodeAnnouncement announced)
                said.Add(announced);
            delivery.Ack();
        });
        // Between two announcements that it makes by itself.
        _scheduler.RunFor(Moment + Instant);
        Observe(Unknown, slot: 5);
        _log.FailsOnce(Unknown.Value);
        Assert.False(said[^1].Held.IsEmpty);
        _scheduler.RunFor(ShardsActor.UnconfiguredFor - Moment + Instant);
        Assert.Equal(1, _log.Failed);
        Assert.True(said[^1].Held.IsEmpty);

        TellConfiguration();
        _scheduler.RunFor(Instant);
        Assert.DoesNotContain(_node.DeadLetters, letter => letter.StartsWith(nameof(PoolConfigurationHeard), StringComparison.Ordinal));
    }

    /// <summary>Each loss costs one of those that nobody knows its observation: there are more than a shard may have wait, by as many as it may then fail at.</summary>
    [Fact]
    public void What_fails_again_at_what_comes_again_is_waited_for_ever_longer()
    {
        _scheduler.RunFor(Moment);
        var shard = Shards.Of(Pool.Id);
        var unknown = Enumerable.Range(0, 1_000_000).Select(i => new PoolId($"nobody {i}")).Where(id => Shards.Of(id) == shard).Take(ShardsActor.UnendedMax - 10).ToList();
        _log.FailsAlways("nobody ");
        foreach (var id in unknown)
            Tell(id, slot: 5);
        _scheduler.RunFor(TimeSpan.FromMinutes(1));
        Assert.InRange(_log.Failed, 5, 7);
        _scheduler.RunFor(TimeSpan.FromMinutes(5));
        Assert.InRange(_log.Failed, 9, 12);

        // Once they were held for a while they are taken anew as soon as ever.
        _log.FailsNoMore();
        _scheduler.RunFor(ClusterNodeActor.PoolsWaitMax + ClusterNodeActor.PoolsHeldFor);
        Observe(Unknown, slot: 5);
        _log.FailsOnce(Unknown.Value);
        _scheduler.RunFor(ShardsActor.UnconfiguredFor);
        Assert.Null(_log.At);
        Configure();
        Observe(Pool.Id, slot: 6);
        Assert.Single(Written);
    }

    [Fact]
    public void They_go_on_after_the_nodes_actor_failed_once()
    {
        _scheduler.RunFor(Moment);
        _log.FailsOnce("follows another market");
        _ = _feed.PublishAsync(Hop.Nodes, new NodeAnnouncement("n2", 1, 1, NodeRoles.Feed, "0", default, default, 0, "", false) { Feed = "another" });
        _scheduler.RunFor(Moment);
        Assert.Equal(1, _log.Failed);

        Configure();
        Observe(Pool.Id, slot: 5);
        _scheduler.RunFor(Moment);
        Observe(Pool.Id, slot: 6);
        Assert.Equal([5ul, 6ul], Written.Select(changed => changed.At.NewestSlot));
    }

    public void Dispose() => _node.Dispose();

    private IEnumerable<ReservesChanged> Written => JournalMessages.Of(_journal).OfType<ReservesChanged>();

    private void Configure()
    {
        TellConfiguration();
        _scheduler.RunFor(Moment);
    }

    private void TellConfiguration() =>
        _ = _feed.PublishAsync(Hop.Market, new MarketBatch("feed", 1, ++_told, true, [MessageCodec.Encode(new PoolConfigured(1, Pool))]));

    private void Observe(PoolId pool, ulong slot)
    {
        Tell(pool, slot);
        _scheduler.RunFor(Moment);
    }

    private void Tell(PoolId pool, ulong slot) =>
        _ = _feed.PublishAsync(Hop.Pools(Shards.Of(pool)), new ObserveReserves(pool, Pool.Curve.State, new PositionVector(new ChainPosition(slot, 1))));

    /// <summary>Throws at a line that a spec names.</summary>
    private sealed class FailingLog : ILogger
    {
        private bool _once;

        public string? At { get; private set; }

        public int Failed { get; private set; }

        public void FailsOnce(string at) => (At, _once) = (at, true);

        public void FailsAlways(string at) => (At, _once) = (at, false);

        public void FailsNoMore() => At = null;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (At is null || !formatter(state, exception).Contains(At, StringComparison.Ordinal))
                return;
            Failed++;
            if (_once)
                At = null;
            throw new InvalidOperationException("as asked");
        }
    }
}
