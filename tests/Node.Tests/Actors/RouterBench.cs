using QTrade.Actors;
using QTrade.Actors.Journal;
using QTrade.Actors.Scheduling;
using QTrade.Messages;
using QTrade.Messages.Execution;
using QTrade.Messages.Pools;
using QTrade.Messages.Registry;
using QTrade.Messages.Routing;
using QTrade.Messages.Wire;
using QTrade.Node.Actors;
using QTrade.Node.Configuration;
using QTrade.Node.Tests.EndToEnd;
using QTrade.Node.Tests.Simulation;
using QTrade.Shared.Actors;

namespace QTrade.Node.Tests.Actors;

/// <summary>A router in virtual time over a sample market, with optimizers of other nodes whose answers a spec gives.</summary>
internal sealed class RouterBench : IDisposable
{
    private readonly ActorBench _bench = new();
    private readonly Dictionary<string, TestProbe<IOptimizerMessage>> _optimizers = [];
    private readonly Func<Actor<IRouterMessage>> _create;

    public RouterBench(TimeSpan checkInterval, params string[] optimizers)
    {
        var options = new NodeOptions
        {
            Router = new RouterOptions { MinInterval = TimeSpan.FromMilliseconds(100), CheckInterval = checkInterval },
            Solver = new SolverOptions { WorkerThreads = 1 },
        };
        foreach (string name in optimizers) _optimizers.Add(name, new TestProbe<IOptimizerMessage>(_bench.System, name));
        Executor = new TestProbe<IExecutorMessage>(_bench.System, "executor");
        Node = new TestProbe<INodeMessage>(_bench.System, "node");
        long started = _bench.Scheduler.Time.GetTimestamp();
        _create = () => new RouterActor(new RouterSetup
        {
            Options = options.ForRouter(),
            Units = SampleMarkets.Mixed.Units,
            Optimizers = [],
            CreateOptimizer = (_, _) => throw new InvalidOperationException("it has none of its own"),
            RemoteOptimizer = name => _optimizers[name].Ref,
            Lease = RouterSetup.RemoteLease,
            Now = () => _bench.Scheduler.Time.GetElapsedTime(started),
            Executor = Executor.Ref,
            Node = Node.Ref,
            Decided = static _ => { },
            Metrics = _bench.Metrics,
            Health = _bench.Health,
            Board = Board,
        });
        Router = SpawnRouter("router");
        foreach (var token in SampleMarkets.Mixed.Tokens) Router.Tell(new TokenRegistered(1, token));
        foreach (var pool in SampleMarkets.Mixed.Pools)
        {
            Router.Tell(new PoolConfigured(1, pool));
            Router.Tell(new ReservesChanged(pool.Id, 1, pool.Curve.State, new PositionVector(new ChainPosition(1_000, 1))));
        }

        Router.Tell(new BeginRouting(0));
        Run();
    }

    public ActorRef<IRouterMessage> Router { get; }

    public TestProbe<IExecutorMessage> Executor { get; }

    public TestProbe<INodeMessage> Node { get; }

    public StatusBoard Board { get; } = new();

    public HeldJournal Held => _bench.Held;

    public InMemoryJournal Journal => _bench.Journal;

    public SimulationScheduler Scheduler => _bench.Scheduler;

    /// <summary>A router over the same journal, with the same neighbours.</summary>
    public ActorRef<IRouterMessage> SpawnRouter(string name) => _bench.System.Spawn(new Props<IRouterMessage>(_create), name);

    /// <summary>Lets everything happen that is due soon.</summary>
    public void Run() => _bench.Run();

    public void Run(TimeSpan duration) => _bench.Run(duration);

    /// <summary>Another reserve of a pool's second token, at the next position.</summary>
    public void Move(int pool, double reserve, long sequence = 2)
    {
        var moved = SampleMarkets.Mixed.Pools[pool];
        Router.Tell(new ReservesChanged(
            moved.Id, sequence, [moved.Curve.State[0], reserve], new PositionVector(new ChainPosition(999 + (ulong)sequence, 1))));
    }

    /// <summary>What an optimizer was given to solve, in order.</summary>
    public List<SolveSnapshot> Given(string optimizer) => [.. _optimizers[optimizer].Received.OfType<SolveWork>().Select(work => work.Snapshot)];

    /// <summary>What is durable, in order.</summary>
    public IEnumerable<IMessage> Events() => Journal.ReadAll(0).Select(stored =>
        MessageCodec.TryDecode(stored.Data.Manifest, stored.Data.Version, stored.Data.Payload.Span, out IMessage? message, out string? error)
            ? message
            : throw new InvalidOperationException(error));

    public void Dispose() => _bench.Dispose();
}
