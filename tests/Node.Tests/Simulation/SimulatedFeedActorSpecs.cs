using QTrade.Actors;
using QTrade.Messages.Pools;
using QTrade.Messages.Routing;
using QTrade.Node.Actors;
using QTrade.Node.Simulation;
using QTrade.Node.Tests.Actors;
using QTrade.Shared.Actors;

namespace QTrade.Node.Tests.Simulation;

/// <summary>A simulated chain that lives by the clock.</summary>
public sealed class SimulatedFeedActorSpecs : IDisposable
{
    private static readonly TimeSpan While = TimeSpan.FromSeconds(10);

    private readonly ActorBench _bench = new();
    private readonly FeedMetrics _metrics = new();
    private readonly TestProbe<IRouterMessage> _router;

    public SimulatedFeedActorSpecs()
    {
        _router = new TestProbe<IRouterMessage>(_bench.System, "router");
        var pools = new TestProbe<IPoolMessage>(_bench.System, "pools").Ref;
        var chain = new SimulatedChain(SampleMarkets.Mixed, new SimulatedChainOptions { Seed = 1 });
        var feed = _bench.System.Spawn(
            new Props<IFeedMessage>(() => new SimulatedFeedActor(chain, new FeedPace(10), pools, new MarketSubscribers(_router.Ref, null), _metrics)), "feed");
        feed.Tell(new StartFeed());
    }

    [Fact]
    public void It_lives_on_as_fast_where_the_clock_is_set_back()
    {
        _bench.Run(While);
        var slots = _router.Received.Count;
        Assert.Equal(While / SimulatedChain.SlotTime, slots);

        _bench.Scheduler.ClockError = static () => TimeSpan.FromHours(-1);
        _bench.Run(While);
        // The tick that notices it is not made up for.
        Assert.InRange(_router.Received.Count, (2 * slots) - 1, 2 * slots);
        Assert.Equal(0, _metrics.TicksLostCount);
    }

    public void Dispose() => _bench.Dispose();
}
