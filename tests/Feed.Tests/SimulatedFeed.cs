using QTrade.Actors;
using QTrade.Actors.Scheduling;
using QTrade.Feed.Tests.Endpoint;
using QTrade.Messages.Execution;
using QTrade.Messages.Pools;
using QTrade.Messages.Routing;
using QTrade.Node.Actors;
using QTrade.Node.Feeds;
using QTrade.Node.Simulation;

namespace QTrade.Feed.Tests;

/// <summary>A live feed in virtual time between an endpoint that a spec plays and actors that keep nothing.</summary>
public sealed class SimulatedFeed : IDisposable
{
    private readonly SimulationScheduler _scheduler = new(1);
    private readonly ActorSystem _system;

    /// <param name="found">The pools there are, by number.</param>
    /// <param name="with">Changes the setup.</param>
    /// <param name="play">Changes how the endpoint begins.</param>
    public SimulatedFeed(int[] found, Func<SolanaFeedSetup, SolanaFeedSetup>? with = null, Action<PlayedEndpoint>? play = null)
    {
        _system = new ActorSystem(_scheduler);
        Endpoint = new PlayedEndpoint(_scheduler.Time) { Found = [.. found.Select(PairVenue.Pool)] };
        foreach (var pool in found)
            Endpoint.Put(PairVenue.Accounts(pool, 10, 20));
        play?.Invoke(Endpoint);
        Assert.True(TokenValues.TryParse(string.Empty, out var values, out _));
        var setup = new SolanaFeedSetup
        {
            Assembly = new PairVenue(),
            Values = values,
            Pools = Deaf<IPoolMessage>("pools"),
            Registry = Deaf<IRegistryMessage>("registry"),
            Subscribers = new MarketSubscribers(Deaf<IRouterMessage>("router"), Deaf<IExecutorMessage>("executor")),
            Metrics = new FeedMetrics(),
            Live = Live,
        };
        _system.Spawn(new Props<IFeedMessage>(() => new SolanaFeedActor((with ?? (same => same))(setup), Endpoint)), "feed").Tell(new StartFeed());
    }

    public PlayedEndpoint Endpoint { get; }

    public LiveFeedMetrics Live { get; } = new();

    public void RunFor(TimeSpan duration) => _scheduler.RunFor(duration);

    /// <summary>Lets what a spec does to the endpoint happen inside the simulation, at once.</summary>
    public void Do(Action<PlayedEndpoint> act)
    {
        using var timer = _scheduler.Time.CreateTimer(_ => act(Endpoint), null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        RunFor(TimeSpan.Zero);
    }

    public void Dispose() => _system.Dispose();

    private ActorRef<TMessage> Deaf<TMessage>(string name)
        where TMessage : class => _system.Spawn(new Props<TMessage>(() => new DeafActor<TMessage>()), name);

    private sealed class DeafActor<TMessage> : Actor<TMessage>
        where TMessage : class
    {
        public override void Handle(TMessage message, Effects effects)
        {
        }
    }
}
