using QTrade.Actors;
using QTrade.Actors.Journal;
using QTrade.Actors.Scheduling;
using QTrade.Actors.Work;
using QTrade.Messages;
using QTrade.Messages.Execution;
using QTrade.Messages.Pools;
using QTrade.Messages.Registry;
using QTrade.Messages.Routing;
using QTrade.Node.Actors;
using QTrade.Node.Configuration;
using QTrade.Node.Tests.EndToEnd;
using QTrade.Node.Tests.Simulation;
using QTrade.Shared.Actors;

namespace QTrade.Node.Tests.Actors;

/// <summary>A router in virtual time over a sample market, with optimizers of other nodes whose answers a spec gives, or one of its own.</summary>
internal sealed class RouterBench : IDisposable
{
    private const string Own = "optimizer-1";

    private readonly ActorBench _bench = new();
    private readonly Dictionary<string, TestProbe<IOptimizerMessage>> _optimizers = [];
    private readonly Func<Actor<IRouterMessage>> _create;

    /// <summary>With optimizers of other nodes.</summary>
    public RouterBench(TimeSpan checkInterval, params string[] optimizers)
        : this(checkInterval, silence: null, optimizers)
    {
    }

    /// <summary>The same on a chain that may be silent for so long.</summary>
    public RouterBench(TimeSpan checkInterval, TimeSpan? silence, params string[] optimizers)
        : this(checkInterval, optimizers, solve: null, silence)
    {
        Begin();
        Run();
    }

    /// <summary>With one optimizer of its own, which solves so; the router has not begun.</summary>
    public RouterBench(TimeSpan checkInterval, Func<SolveSnapshot, SnapshotSolved> solve)
        : this(checkInterval, [], solve)
    {
    }

    private RouterBench(TimeSpan checkInterval, string[] optimizers, Func<SolveSnapshot, SnapshotSolved>? solve, TimeSpan? silence = null)
    {
        var options = new NodeOptions
        {
            Router = new RouterOptions { MinInterval = TimeSpan.FromMilliseconds(100), CheckInterval = checkInterval },
            Solver = new SolverOptions { WorkerThreads = 1 },
        };
        foreach (string name in optimizers) _optimizers.Add(name, new TestProbe<IOptimizerMessage>(_bench.System, name));
        Executor = new TestProbe<IExecutorMessage>(_bench.System, "executor");
        Node = new TestProbe<INodeMessage>(_bench.System, "node");
        var threads = solve is null ? null : _bench.System.CreateWorkPool("solver", new WorkPoolOptions { Threads = 1 });
        long started = _bench.Scheduler.Time.GetTimestamp();
        _create = () => new RouterActor(new RouterSetup
        {
            Options = options.ForRouter(),
            Units = SampleMarkets.Mixed.Units,
            Silence = silence,
            Optimizers = solve is null ? [] : [Own],
            CreateOptimizer = (name, router) => new OptimizerActor(name, router, threads!, solve!, _bench.Metrics),
            RemoteOptimizer = solve is null ? name => _optimizers[name].Ref : null,
            Lease = solve is null ? RouterSetup.RemoteLease : RouterSetup.LocalLease,
            Now = () => _bench.Scheduler.Time.GetElapsedTime(started),
            Executor = Executor.Ref,
            Node = Node.Ref,
            Decided = static _ => { },
            Metrics = _bench.Metrics,
            Health = _bench.Health,
            Board = Board,
        });
        Router = SpawnRouter("router");
    }

    /// <summary>Tells the router the market, and that it is whole.</summary>
    public void Begin()
    {
        TellMarket(statesFirst: false);
        Router.Tell(new BeginRouting(0));
    }

    /// <summary>Tells the router the market: how each pool stands once it is known what it is, or before, as where a pool recovers sooner than the registry.</summary>
    public void TellMarket(bool statesFirst)
    {
        foreach (var token in SampleMarkets.Mixed.Tokens) Router.Tell(new TokenRegistered(1, token));
        foreach (var pool in SampleMarkets.Mixed.Pools)
        {
            if (!statesFirst)
                Router.Tell(new PoolConfigured(1, pool));
            Router.Tell(new ReservesChanged(pool.Id, 1, pool.Curve.State, new PositionVector(new ChainPosition(1_000, 1))));
            if (statesFirst)
                Router.Tell(new PoolConfigured(1, pool));
        }
    }

    public ActorSystem System => _bench.System;

    public ActorRef<IRouterMessage> Router { get; }

    public TestProbe<IExecutorMessage> Executor { get; }

    public TestProbe<INodeMessage> Node { get; }

    public StatusBoard Board { get; } = new();

    public HeldJournal Held => _bench.Held;

    public InMemoryJournal Journal => _bench.Journal;

    public JournalHealth Health => _bench.Health;

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
    public IEnumerable<IMessage> Events() => _bench.Events();

    public void Dispose() => _bench.Dispose();
}
