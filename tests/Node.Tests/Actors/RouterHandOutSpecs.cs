using QTrade.Actors;
using QTrade.Actors.Work;
using QTrade.Messages;
using QTrade.Messages.Execution;
using QTrade.Messages.Pools;
using QTrade.Messages.Registry;
using QTrade.Messages.Routing;
using QTrade.Messages.Wire;
using QTrade.Node.Actors;
using QTrade.Node.Configuration;
using QTrade.Node.Tests.Simulation;
using QTrade.Shared.Actors;

namespace QTrade.Node.Tests.Actors;

/// <summary>A router and an optimizer of its own, which begins while the hand-out is being written.</summary>
public sealed class RouterHandOutSpecs : IDisposable
{
    private static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(0.1), Moment = TimeSpan.FromSeconds(5);

    private readonly ActorBench _bench = new();
    private readonly List<SnapshotId> _given = [];

    [Fact]
    public void The_solve_begins_before_the_hand_out_is_durable_and_is_decided_after_it()
    {
        Start();
        for (var step = 0; _given.Count == 0 && step < 1_000; step++)
            _bench.Run(Instant);

        Assert.Single(_given);
        Assert.Empty(Events().OfType<SnapshotHandedOut>());
        _bench.Run(Moment);
        var told = Events().Where(message => message is SnapshotHandedOut or Decided).Take(2).ToArray();
        Assert.Equal(_given[0], Assert.IsType<SnapshotHandedOut>(told[0]).SnapshotId);
        Assert.Equal(_given[0], Assert.IsType<Decided>(told[1]).SnapshotId);
    }

    [Fact]
    public void What_is_answered_to_a_hand_out_that_the_journal_refused_is_nobodys_and_its_number_is_not_given_again()
    {
        // The epoch's beginning, and nothing more.
        _bench.Held.RouterAppendsLeft = 1;
        Start();
        _bench.Run(Moment);
        var refused = _given.ToHashSet();
        Assert.True(refused.Count > 1, "the router tries again");
        Assert.DoesNotContain(Events(), message => message is SnapshotHandedOut or Decided);

        _bench.Held.RouterAppendsLeft = int.MaxValue;
        _bench.Run(Moment);

        Assert.Equal(_given.Count, _given.Distinct().Count());
        var handedOut = Events().OfType<SnapshotHandedOut>().Select(handed => handed.SnapshotId).ToArray();
        Assert.NotEmpty(handedOut);
        Assert.DoesNotContain(handedOut, refused.Contains);
        Assert.Equal(handedOut, Events().OfType<Decided>().Select(decided => decided.SnapshotId));
    }

    public void Dispose() => _bench.Dispose();

    private void Start()
    {
        var options = new NodeOptions
        {
            Router = new RouterOptions { MinInterval = TimeSpan.FromMilliseconds(100), CheckInterval = TimeSpan.FromMilliseconds(200) },
            Solver = new SolverOptions { WorkerThreads = 1 },
        };
        var threads = _bench.System.CreateWorkPool("solver", new WorkPoolOptions { Threads = 1 });
        var executor = new TestProbe<IExecutorMessage>(_bench.System, "executor");
        var node = new TestProbe<INodeMessage>(_bench.System, "node");
        long started = _bench.Scheduler.Time.GetTimestamp();
        var router = _bench.System.Spawn(
            new Props<IRouterMessage>(() => new RouterActor(new RouterSetup
            {
                Options = options.ForRouter(),
                Units = SampleMarkets.Mixed.Units,
                Optimizers = ["optimizer-1"],
                CreateOptimizer = (name, self) => new OptimizerActor(name, self, threads, Solve, _bench.Metrics),
                Lease = RouterSetup.LocalLease,
                Now = () => _bench.Scheduler.Time.GetElapsedTime(started),
                Executor = executor.Ref,
                Node = node.Ref,
                Decided = static _ => { },
                Metrics = _bench.Metrics,
                Health = _bench.Health,
                Board = new StatusBoard(),
            })),
            "router");
        foreach (var token in SampleMarkets.Mixed.Tokens) router.Tell(new TokenRegistered(1, token));
        foreach (var pool in SampleMarkets.Mixed.Pools)
        {
            router.Tell(new PoolConfigured(1, pool));
            router.Tell(new ReservesChanged(pool.Id, 1, pool.Curve.State, new PositionVector(new ChainPosition(1_000, 1))));
        }

        router.Tell(new BeginRouting(0));
    }

    private SnapshotSolved Solve(SolveSnapshot snapshot)
    {
        _given.Add(snapshot.SnapshotId);
        return SnapshotSolver.Solve(snapshot);
    }

    private IEnumerable<IMessage> Events() => _bench.Journal.ReadAll(0).Select(stored =>
        MessageCodec.TryDecode(stored.Data.Manifest, stored.Data.Version, stored.Data.Payload.Span, out IMessage? message, out string? error)
            ? message
            : throw new InvalidOperationException(error));
}
