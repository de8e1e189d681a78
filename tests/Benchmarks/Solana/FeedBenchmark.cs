using System.Diagnostics;
using QTrade.Actors;
using QTrade.Actors.Journal;
using QTrade.Actors.Scheduling;
using QTrade.Messages.Execution;
using QTrade.Messages.Pools;
using QTrade.Messages.Registry;
using QTrade.Messages.Routing;
using QTrade.Node.Actors;
using QTrade.Node.Feeds;
using QTrade.Node.Simulation;
using QTrade.Solana.Rpc;
using QTrade.Trading.Registry;

namespace QTrade.Benchmarks.Solana;

/// <summary>
/// Account updates from the bytes of a WebSocket into pool actors that keep them in a journal in memory: a socket on this machine, frames as
/// nodes write them, JSON, base64, the view by position, pools assembled of their accounts, observations journalled and published.
/// </summary>
public sealed class FeedBenchmark : IBenchmark
{
    private const int Runs = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan SlotTime = TimeSpan.FromMilliseconds(50);

    public string Name => "feed";

    public string About => "account updates from WebSocket bytes into 2,000 journalled pool actors, the sender on the same cores";

    public void Run(BenchmarkContext context)
    {
        using var endpoint = new FeedEndpoint(context.Size(2_000, 20));
        var live = new LiveFeedMetrics();
        var edge = new SolanaEdge(
            new SolanaEdgeOptions
            {
                Endpoints = [endpoint.Address],
                Pools = [.. endpoint.Pools],
                Queries = [],
                Rpc = new RpcOptions { RequestsPerSecond = 100_000 },
            },
            live,
            TimeProvider.System);
        var journal = new InMemoryJournal(TimeProvider.System);
        using (var system = new ActorSystem(new ThreadPoolScheduler(), new ActorSystemOptions { Journal = journal }))
        {
            var observed = new FeedMetrics();
            Start(system, edge, live, observed);
            Until(() => endpoint.IsSubscribed && live.Counts.Outstanding == 0, "subscriptions and reads", endpoint.Tick);
            endpoint.Prepare();
            Slots(endpoint, live, 4);
            for (var run = 1; run <= Runs; run++)
                Measure(context, endpoint, live, observed, run);
            system.StopAsync().GetAwaiter().GetResult();
        }

        edge.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private static void Measure(BenchmarkContext context, FeedEndpoint endpoint, LiveFeedMetrics live, FeedMetrics observed, int run)
    {
        var slots = context.Size(30, 3);
        var (updates, observations) = (live.Counts.Updates, observed.Updates);
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var processor = Process.GetCurrentProcess().TotalProcessorTime;
        var elapsed = BenchmarkContext.Time(() => Slots(endpoint, live, slots));
        processor = Process.GetCurrentProcess().TotalProcessorTime - processor;
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        (updates, observations) = (live.Counts.Updates - updates, observed.Updates - observations);
        context.Report($"run {run}: updates of {endpoint.FrameBytes} bytes", updates / elapsed.TotalSeconds, "/s");
        context.Report($"run {run}: observations of pools", observations / elapsed.TotalSeconds, "/s");
        context.Report($"run {run}: processor time, sender and journal included", processor.TotalMicroseconds / updates, "us an update");
        context.Report($"run {run}: allocated", (double)allocated / updates, "B an update");
    }

    private static void Slots(FeedEndpoint endpoint, LiveFeedMetrics live, int slots)
    {
        var frames = live.Rpc.Frames + ((long)slots * endpoint.PerSlot);
        for (var slot = 0; slot < slots; slot++)
            endpoint.Tell();
        var last = endpoint.Slot;
        Until(() => live.Slot == last && live.Rpc.Frames >= frames, $"slot {last}");
    }

    private static void Start(ActorSystem system, SolanaEdge edge, LiveFeedMetrics live, FeedMetrics observed)
    {
        var router = system.Spawn(new Props<IRouterMessage>(() => new Sink<IRouterMessage>()), "router");
        var executor = system.Spawn(new Props<IExecutorMessage>(() => new Sink<IExecutorMessage>()), "executor");
        var subscribers = new MarketSubscribers(router, executor);
        var metrics = new NodeMetrics(_ => { });
        var health = new JournalHealth(_ => { });
        var pools = system.Spawn(
            new Props<IPoolMessage>(() => new PoolsActor((id, configuration) => new PoolActor(id, configuration, subscribers, metrics, health), metrics)), "pools");
        var registry = system.Spawn(new Props<IRegistryMessage>(() => new Registry(pools)), "registry");
        _ = TokenValues.TryParse(string.Empty, out var values, out _);
        var setup = new SolanaFeedSetup
        {
            Values = values!,
            AuditInterval = TimeSpan.FromHours(1),
            Pools = pools,
            Registry = registry,
            Subscribers = subscribers,
            Metrics = observed,
            Live = live,
        };
        system.Spawn(new Props<IFeedMessage>(() => new SolanaFeedActor(setup, edge)), "feed").Tell(new StartFeed());
    }

    // The chain's clock goes on meanwhile: nothing is shown before two slots more were seen.
    private static void Until(Func<bool> condition, string what, Action? tick = null)
    {
        var begun = Stopwatch.GetTimestamp();
        var ticked = begun;
        while (!condition())
        {
            if (tick is not null && Stopwatch.GetElapsedTime(ticked) > SlotTime)
            {
                tick();
                ticked = Stopwatch.GetTimestamp();
            }

            if (Stopwatch.GetElapsedTime(begun) > Patience)
                throw new TimeoutException($"feed: not within {Patience.TotalSeconds} s: {what}");
            Thread.Yield();
        }
    }

    private sealed class Sink<TMessage> : Actor<TMessage>
        where TMessage : class
    {
        public override void Handle(TMessage message, Effects effects)
        {
        }
    }

    // Registers at once what the node's registry makes durable first.
    private sealed class Registry(ActorRef<IPoolMessage> pools) : Actor<IRegistryMessage>
    {
        public override void Handle(IRegistryMessage message, Effects effects)
        {
            if (message is not ChangePool { Feed: { } feed, Command: ConfigurePool configure })
                return;
            effects.Send<IPoolMessage>(pools, new ApplyConfiguration(configure.PoolId, new PoolConfigurationState(1, configure.Pool, Retired: false)));
            effects.Send<IFeedMessage>(feed, new PoolRegistered(configure.PoolId, null));
        }
    }
}
