using QTrade.Actors;
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

/// <summary>A router and optimizers of other nodes, who say that they are ready as often as they like.</summary>
public sealed class RouterActorSpecs : IDisposable
{
    private const string First = "n1.optimizer-1", Second = "n2.optimizer-1";

    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(3);

    private readonly ActorBench _bench = new();
    private readonly Dictionary<string, TestProbe<IOptimizerMessage>> _optimizers = [];
    private readonly TestProbe<IExecutorMessage> _executor;
    private readonly Func<Actor<IRouterMessage>> _create;
    private readonly ActorRef<IRouterMessage> _router;

    public RouterActorSpecs()
    {
        var options = new NodeOptions
        {
            Router = new RouterOptions { MinInterval = TimeSpan.FromMilliseconds(100), CheckInterval = TimeSpan.FromMilliseconds(200) },
            Solver = new SolverOptions { WorkerThreads = 1 },
        };
        foreach (string name in new[] { First, Second }) _optimizers.Add(name, new TestProbe<IOptimizerMessage>(_bench.System, name));
        _executor = new TestProbe<IExecutorMessage>(_bench.System, "executor");
        var node = new TestProbe<INodeMessage>(_bench.System, "node");
        _create = () => new RouterActor(new RouterSetup
        {
            Options = options.ForRouter(),
            Units = SampleMarkets.Mixed.Units,
            Optimizers = [],
            CreateOptimizer = (_, _) => throw new InvalidOperationException("it has none of its own"),
            RemoteOptimizer = name => _optimizers[name].Ref,
            Executor = _executor.Ref,
            Node = node.Ref,
            Decided = static _ => { },
            Metrics = _bench.Metrics,
            Health = _bench.Health,
            Board = new StatusBoard(),
        });
        _router = _bench.System.Spawn(new Props<IRouterMessage>(_create), "router");
        foreach (var token in SampleMarkets.Mixed.Tokens) _router.Tell(new TokenRegistered(1, token));
        foreach (var pool in SampleMarkets.Mixed.Pools)
        {
            _router.Tell(new PoolConfigured(1, pool));
            _router.Tell(new ReservesChanged(pool.Id, 1, pool.Curve.State, new PositionVector(new ChainPosition(1_000, 1))));
        }

        _router.Tell(new BeginRouting(0));
        _bench.Run();
    }

    [Fact]
    public void An_optimizer_that_says_again_and_again_that_it_is_ready_is_given_one_snapshot()
    {
        for (var said = 0; said < 20; said++)
        {
            _router.Tell(new OptimizerReady(First));
            _bench.Run(TimeSpan.FromMilliseconds(150));
        }

        Assert.Single(Given(First));
        _router.Tell(new OptimizerReady(Second));
        _bench.Run(Moment);
        Assert.Single(Given(Second));
    }

    [Fact]
    public void It_is_given_the_next_one_once_it_has_answered()
    {
        _router.Tell(new OptimizerReady(First));
        _bench.Run(Moment);
        for (var solved = 1; solved < 4; solved++)
        {
            Assert.Equal(solved, Given(First).Count);
            // It says so before its answer is durable.
            _router.Tell(SnapshotSolver.Solve(Given(First)[^1]));
            _router.Tell(new OptimizerReady(First));
            _bench.Run(Moment);
        }
    }

    [Fact]
    public void What_it_said_while_its_answer_could_not_be_written_counts()
    {
        _router.Tell(new OptimizerReady(First));
        _bench.Run(Moment);
        _bench.Held.RefusesRouter = true;
        _router.Tell(SnapshotSolver.Solve(Given(First)[^1]));
        _router.Tell(new OptimizerReady(First));
        _bench.Run(Moment);
        Assert.Single(Given(First));
        _bench.Held.RefusesRouter = false;
        _bench.Run(Moment);
        Assert.Equal(2, Given(First).Count);
    }

    [Fact]
    public void A_solution_is_published_though_the_snapshot_that_is_due_at_once_cannot_be_handed_out()
    {
        // Off the others by little, so that the answer leaves pools for the next snapshot.
        Move(0, 10_200);
        _router.Tell(new OptimizerReady(First));
        _bench.Run(Moment);
        // It has work: the next snapshot is due as soon as its answer is durable.
        _router.Tell(new OptimizerReady(First));
        _bench.Run();
        _bench.Held.RouterAppendsLeft = 1;
        _router.Tell(SnapshotSolver.Solve(Given(First)[^1]));
        _bench.Run();
        Assert.Single(Events().OfType<Decided>());
        Assert.True(_bench.Held.RouterAppendsLeft < 0, "the next snapshot was refused");
        Assert.Single(Given(First));
        Assert.Single(_executor.Received.OfType<ExecuteSolution>());
        _bench.Held.RouterAppendsLeft = int.MaxValue;
        _bench.Run(Moment);
        Assert.Equal(2, Given(First).Count);
        Assert.Single(_executor.Received.OfType<ExecuteSolution>());
    }

    [Fact]
    public void A_router_publishes_nothing_before_its_epoch_is_durable()
    {
        Move(0, 12_000);
        Move(1, 17_000);
        _router.Tell(new OptimizerReady(First));
        _bench.Run(Moment);
        _router.Tell(SnapshotSolver.Solve(Given(First)[^1]));
        _bench.Run(TimeSpan.FromMilliseconds(20));
        var solution = Assert.Single(_executor.Received.OfType<ExecuteSolution>());
        Assert.True(solution.Routes.Length > 1, "several routes");
        ActorSystem.Stop(_router);
        _bench.Run();

        // The journal refuses the beginning of the next one's epoch, and takes what an executor tells it meanwhile.
        _bench.Held.RefusesRouter = true;
        var next = _bench.System.Spawn(new Props<IRouterMessage>(_create), "router-2");
        _bench.Run();
        _bench.Held.RefusesRouter = false;
        next.Tell(new TradeOutcome(
            TradeId.Of(solution.SnapshotId, 0), solution.SnapshotId, 0, Ending.Rejected, ReasonCode.PoolMoved, "", [], 0, 0, 1_000, _bench.Scheduler.Time.GetUtcNow()));
        _bench.Run(Moment);
        Assert.Equal([1, 2], Events().OfType<EpochStarted>().Select(epoch => epoch.Epoch));
        Assert.Equal([1, 2], _executor.Received.OfType<ExecuteSolution>().Select(published => published.Epoch));
    }

    [Fact]
    public void One_that_does_not_answer_within_its_lease_is_given_another_when_it_says_that_it_is_ready()
    {
        _router.Tell(new OptimizerReady(First));
        _bench.Run(TimeSpan.FromSeconds(6));
        Assert.Single(Given(First));
        Assert.Contains(Events().OfType<SnapshotEnded>(), ended => ended.Ending == Ending.Failed);
        _router.Tell(new OptimizerReady(First));
        _bench.Run(Moment);
        Assert.Equal(2, Given(First).Count);
    }

    [Fact]
    public void Outcomes_that_come_while_the_journal_writes_are_written_together_and_each_ends_its_route()
    {
        Move(0, 12_000);
        Move(1, 17_000);
        _router.Tell(new OptimizerReady(First));
        _bench.Run(Moment);
        _router.Tell(SnapshotSolver.Solve(Given(First)[^1]));
        _bench.Run(TimeSpan.FromMilliseconds(20));
        var solution = Assert.Single(_executor.Received.OfType<ExecuteSolution>());
        Assert.True(solution.Routes.Length > 1, "several routes");
        long before = _bench.Journal.Commits;
        foreach (var route in solution.Routes)
        {
            var outcome = new TradeOutcome(
                TradeId.Of(solution.SnapshotId, route.Index), solution.SnapshotId, route.Index, Ending.Rejected, ReasonCode.PoolMoved, "", [], 0, 0, 1_000, _bench.Scheduler.Time.GetUtcNow());
            _router.Tell(outcome);
            _router.Tell(outcome);
        }

        _bench.Run(TimeSpan.FromMilliseconds(20));
        Assert.Equal(solution.Routes.Length, Events().OfType<RouteEnded>().Count());
        Assert.Single(Events().OfType<SnapshotEnded>());
        Assert.InRange(_bench.Journal.Commits - before, 1, 2);
    }

    public void Dispose() => _bench.Dispose();

    private void Move(int pool, double reserve)
    {
        var moved = SampleMarkets.Mixed.Pools[pool];
        _router.Tell(new ReservesChanged(moved.Id, 2, [moved.Curve.State[0], reserve], new PositionVector(new ChainPosition(1_001, 1))));
    }

    private List<SolveSnapshot> Given(string optimizer) => [.. _optimizers[optimizer].Received.OfType<SolveWork>().Select(work => work.Snapshot)];

    private IEnumerable<IMessage> Events() => _bench.Journal.ReadAll(0).Select(stored =>
        MessageCodec.TryDecode(stored.Data.Manifest, stored.Data.Version, stored.Data.Payload.Span, out IMessage? message, out string? error)
            ? message
            : throw new InvalidOperationException(error));
}
