using System.Collections.Concurrent;
using System.Collections.Immutable;
using QTrade.Actors;
using QTrade.Actors.Scheduling;
using QTrade.Feed.Tests.Endpoint;
using QTrade.Markets;
using QTrade.Messages.Execution;
using QTrade.Messages.Pools;
using QTrade.Messages.Routing;
using QTrade.Node.Actors;
using QTrade.Node.Feeds;
using QTrade.Node.Simulation;
using QTrade.Solana;
using QTrade.Solana.Rpc;
using QTrade.Solana.Tapes;

namespace QTrade.Feed.Tests;

/// <summary>A feed between an endpoint and probes in place of pools, registry, router and executor.</summary>
public sealed class FeedHarness : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ActorSystem _system = new(new ThreadPoolScheduler());
    private readonly SemaphoreSlim _heard = new(0);
    private readonly SolanaEdge? _edge;
    private readonly ActorRef<IFeedMessage> _feed;

    private FeedHarness(Func<FeedParts, LiveFeedMetrics, Actor<IFeedMessage>> create, Func<LiveFeedMetrics, SolanaEdge>? edge)
    {
        var pools = _system.Spawn(new Props<IPoolMessage>(() => new Heard<IPoolMessage>(Hear)), "pools");
        var registry = _system.Spawn(new Props<IRegistryMessage>(() => new Registry(Hear)), "registry");
        var router = _system.Spawn(new Props<IRouterMessage>(() => new Heard<IRouterMessage>(Hear)), "router");
        var executor = _system.Spawn(new Props<IExecutorMessage>(() => new Heard<IExecutorMessage>(_ => { })), "executor");
        _edge = edge?.Invoke(Metrics);
        var parts = new FeedParts(pools, registry, new MarketSubscribers(router, executor), Observed, router);
        _feed = _system.Spawn(new Props<IFeedMessage>(() => create(parts, Metrics)), "feed");
        _feed.Tell(new StartFeed());
    }

    public LiveFeedMetrics Metrics { get; } = new();

    public FeedMetrics Observed { get; } = new();

    /// <summary>The newest state of each pool.</summary>
    public ConcurrentDictionary<PoolId, ObserveReserves> Pools { get; } = new();

    /// <summary>What router and executor may trade: slots by pool; the default key is all of them.</summary>
    public ConcurrentDictionary<string, ulong> Trust { get; } = new();

    public ConcurrentQueue<object> Registered { get; } = new();

    public static FeedHarness Live(ChainEndpoint endpoint, int pools, Func<SolanaFeedSetup, SolanaFeedSetup>? with = null, TapeWriter? tape = null, TimeProvider? time = null, params RpcEndpoint[] others) =>
        Live([.. others, endpoint.Address], [.. Enumerable.Range(1, pools).Select(PairVenue.Pool)], with, tape, time);

    public static FeedHarness Live(
        ImmutableArray<RpcEndpoint> endpoints, ImmutableArray<Address> pools, Func<SolanaFeedSetup, SolanaFeedSetup>? with = null, TapeWriter? tape = null, TimeProvider? time = null)
    {
        SolanaEdge? edge = null;
        return new FeedHarness(
            (parts, live) => new SolanaFeedActor((with ?? (setup => setup))(Setup(parts, live)), edge!),
            live => edge = new SolanaEdge(
                new SolanaEdgeOptions
                {
                    Endpoints = endpoints,
                    Pools = pools,
                    Queries = pools.IsEmpty ? [new ProgramQuery(PairVenue.Program, 4 * Address.Size, [])] : [],
                    Rpc = new RpcOptions { PauseMin = TimeSpan.FromMilliseconds(1), RequestsPerSecond = 10_000, JitterSeed = 1 },
                },
                live,
                time ?? TimeProvider.System,
                tape));
    }

    public static FeedHarness Play(TapeReader tape) =>
        new((parts, live) => new TapeFeedActor(Setup(parts, live), new TapePlayer("tape", tape, 0, TimeProvider.System)), null);

    /// <summary>Waits until the feed has told what makes it so.</summary>
    public async Task UntilAsync(Func<bool> condition, string what)
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            while (!condition())
                await _heard.WaitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"not within {Patience.TotalSeconds} s: {what}; {Metrics.Counts}; connects {Metrics.Connects}, disconnects {Metrics.Disconnects}, slot {Metrics.Slot}, requests {Metrics.Rpc.Requests}, frames {Metrics.Rpc.Frames}, {string.Join(' ', Metrics.Rpc.Faults)}; {Metrics.LastFault}; trust {string.Join(' ', Trust)}; pools {string.Join(' ', Pools.Values.Select(pool => $"{string.Join('/', pool.Reserves)}@{pool.At}"))}");
        }
    }

    /// <summary>Waits until the newest state of a pool is this and may be traded.</summary>
    public Task UntilPoolAsync(int pool, ulong x, ulong y) => UntilAsync(() => Shows(pool, x, y), $"pool {pool} at {x}/{y}");

    public bool Shows(int pool, ulong x, ulong y) =>
        Pools.TryGetValue(IdOf(pool), out var observed) && observed.Reserves is [var first, var second] && first == x && second == y && IsTrusted(pool);

    public bool IsTrusted(int pool) =>
        Pools.TryGetValue(IdOf(pool), out var observed)
        && observed.At.NewestSlot >= Math.Max(Trust.GetValueOrDefault(string.Empty), Trust.GetValueOrDefault(IdOf(pool).Value));

    public static PoolId IdOf(int pool) => new(PairVenue.Pool(pool).ToString());

    public async ValueTask DisposeAsync()
    {
        _feed.Tell(new StopFeed());
        await _system.StopAsync();
        if (_edge is not null)
            await _edge.DisposeAsync();
        _system.Dispose();
        _heard.Dispose();
    }

    private static SolanaFeedSetup Setup(FeedParts parts, LiveFeedMetrics live)
    {
        Assert.True(TokenValues.TryParse(string.Empty, out var values, out _));
        return new SolanaFeedSetup
        {
            Assembly = new PairVenue(),
            Values = values,
            LookInterval = TimeSpan.FromMilliseconds(10),
            AuditInterval = TimeSpan.FromHours(1),
            RetryMin = TimeSpan.FromMilliseconds(1),
            Pools = parts.Pools,
            Registry = parts.Registry,
            Subscribers = parts.Subscribers,
            Metrics = parts.Metrics,
            Live = live,
        };
    }

    private void Hear(object message)
    {
        switch (message)
        {
            case ObserveReserves observed:
                Pools[observed.PoolId] = observed;
                break;
            case TrustFrom trust:
                Trust[trust.Pool?.Value ?? string.Empty] = trust.Slot;
                break;
            case ChangePool or ChangeToken:
                Registered.Enqueue(message);
                break;
            default:
                break;
        }

        _heard.Release();
    }

    private sealed class Heard<TMessage>(Action<object> hear) : Actor<TMessage>
        where TMessage : class
    {
        public override void Handle(TMessage message, Effects effects) => hear(message);
    }

    private sealed class Registry(Action<object> hear) : Actor<IRegistryMessage>
    {
        public override void Handle(IRegistryMessage message, Effects effects)
        {
            hear(message);
            if (message is ChangePool { Feed: { } feed } change)
                effects.Send<IFeedMessage>(feed, new PoolRegistered(change.Command.PoolId, null));
        }
    }
}
