using QTrade.Actors;
using QTrade.Node.Actors;
using QTrade.Messages;
using QTrade.Messages.Execution;
using QTrade.Messages.Routing;
using QTrade.Node.Tests.Simulation;
using QTrade.Shared.Actors;
using QTrade.Trading.Routing;

namespace QTrade.Node.Tests.Actors;

/// <summary>A router and optimizers of other nodes, who say that they are ready as often as they like.</summary>
public sealed class RouterActorSpecs : IDisposable
{
    private const string First = "n1.optimizer-1", Second = "n2.optimizer-1";

    /// <summary>Of a price, and its logarithm: enough to wake the router.</summary>
    private const double Change = 1.003, LogChange = 0.002995509;

    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(3), Briefly = TimeSpan.FromMilliseconds(100);

    private readonly RouterBench _bench = new(TimeSpan.FromMilliseconds(200), First, Second);

    [Fact]
    public void An_optimizer_that_says_again_and_again_that_it_is_ready_is_given_one_snapshot()
    {
        for (var said = 0; said < 20; said++)
        {
            _bench.Router.Tell(new OptimizerReady(First));
            _bench.Run(TimeSpan.FromMilliseconds(150));
        }

        Assert.Single(_bench.Given(First));
        _bench.Router.Tell(new OptimizerReady(Second));
        _bench.Run(Moment);
        Assert.Single(_bench.Given(Second));
    }

    /// <summary>After a restart a pool may tell how it stands before the registry tells what it is.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_market_that_is_whole_is_traded_at_once_in_whatever_order_it_was_told(bool statesFirst)
    {
        using var bench = new RouterBench(TimeSpan.FromMilliseconds(200), SnapshotSolver.Solve);
        bench.Router.Tell(new BeginRouting(SampleMarkets.Mixed.Pools.Length));
        bench.Run(TimeSpan.FromMilliseconds(50));
        Assert.Empty(bench.Executor.Received.OfType<BeginExecuting>());
        bench.TellMarket(statesFirst);
        bench.Run(TimeSpan.FromMilliseconds(50));
        Assert.Single(bench.Executor.Received.OfType<BeginExecuting>());
    }

    [Fact]
    public void Nothing_is_handed_out_while_the_chain_says_nothing()
    {
        using var bench = new RouterBench(TimeSpan.FromMilliseconds(200), FeedHearing.ChainSilence, First);
        bench.Router.Tell(new OptimizerReady(First));
        bench.Run(Moment);
        Assert.Empty(bench.Given(First));

        bench.Router.Tell(new SlotObserved(1_001));
        bench.Run(Moment);
        Assert.Single(bench.Given(First));

        bench.Run(FeedHearing.ChainSilence);
        bench.Router.Tell(SnapshotSolver.Solve(bench.Given(First)[^1]));
        bench.Router.Tell(new OptimizerReady(First));
        bench.Run(Moment);
        Assert.Single(bench.Given(First));

        bench.Router.Tell(new SlotObserved(1_002));
        bench.Run(Moment);
        Assert.Equal(2, bench.Given(First).Count);
    }

    [Fact]
    public void A_clock_that_goes_on_while_the_router_looks_makes_no_look_due_before_now()
    {
        var readings = 0;
        _bench.Scheduler.ClockError = () => TimeSpan.FromMilliseconds(60) * readings++;
        _bench.Router.Tell(new OptimizerReady(First));
        _bench.Run(Moment);
        Assert.Single(_bench.Given(First));
    }

    [Fact]
    public void A_market_that_moves_after_the_clock_was_set_back_is_handed_out_at_once()
    {
        using var bench = SolvedOnce();
        bench.Scheduler.ClockError = static () => TimeSpan.FromHours(-1);
        bench.Move(0, 12_000);
        bench.Run();
        Assert.Equal(2, bench.Given(First).Count);
    }

    [Fact]
    public void A_solve_that_is_asked_for_after_the_clock_was_set_back_is_handed_out_at_once()
    {
        using var bench = SolvedOnce();
        bench.Scheduler.ClockError = static () => TimeSpan.FromHours(-1);
        bench.Router.Tell(new SolveNow(new TestProbe<SolvedNow>(bench.System, "asker").Ref));
        bench.Run(TimeSpan.FromMilliseconds(200));
        Assert.Equal(2, bench.Given(First).Count);
    }

    [Fact]
    public void What_had_moved_at_a_hand_out_that_was_refused_counts_in_when_the_next_is_due()
    {
        using var bench = SolvedOnce();
        bench.Held.RefusesRouter = true;
        MoveBy(bench, Change, sequence: 2);
        bench.Run(TimeSpan.FromSeconds(0.5));
        Assert.Single(bench.Given(First));
        bench.Held.RefusesRouter = false;
        bench.Run(TimeSpan.FromSeconds(0.6));
        Assert.Equal(2, bench.Given(First).Count);
        NextIsDueByWhatMoved(bench, Change);
    }

    [Fact]
    public void A_time_in_which_the_clock_was_set_back_does_not_count_in_when_the_next_is_due()
    {
        using var bench = SolvedOnce();
        bench.Scheduler.ClockError = static () => TimeSpan.FromHours(-1);
        MoveBy(bench, Change, sequence: 2);
        bench.Run();
        Answer(bench, Moment);
        MoveBy(bench, Change * Change, sequence: 3);
        bench.Run();
        NextIsDueByWhatMoved(bench, Change * Change);
    }

    [Fact]
    public void It_is_given_the_next_one_once_it_has_answered()
    {
        _bench.Router.Tell(new OptimizerReady(First));
        _bench.Run(Moment);
        for (var solved = 1; solved < 4; solved++)
        {
            Assert.Equal(solved, _bench.Given(First).Count);
            // It says so before its answer is durable.
            _bench.Router.Tell(SnapshotSolver.Solve(_bench.Given(First)[^1]));
            _bench.Router.Tell(new OptimizerReady(First));
            _bench.Run(Moment);
        }
    }

    [Fact]
    public void What_it_said_while_its_answer_could_not_be_written_counts()
    {
        _bench.Router.Tell(new OptimizerReady(First));
        _bench.Run(Moment);
        _bench.Held.RefusesRouter = true;
        _bench.Router.Tell(SnapshotSolver.Solve(_bench.Given(First)[^1]));
        _bench.Router.Tell(new OptimizerReady(First));
        _bench.Run(Moment);
        Assert.Single(_bench.Given(First));
        _bench.Held.RefusesRouter = false;
        _bench.Run(Moment);
        Assert.Equal(2, _bench.Given(First).Count);
    }

    [Fact]
    public void What_could_not_be_written_is_written_again_every_second_though_other_writes_fail_more_often()
    {
        _bench.Router.Tell(new OptimizerReady(First));
        _bench.Run(Moment);
        _bench.Held.RefusesRouter = true;
        var before = _bench.Health.Refusals;
        const int said = 20;
        for (var i = 0; i < said; i++)
        {
            _bench.Router.Tell(SnapshotSolver.Solve(_bench.Given(First)[^1]));
            _bench.Run(TimeSpan.FromMilliseconds(500));
        }

        // The first of them again at each of nine seconds at least.
        Assert.InRange(_bench.Health.Refusals - before, said + 9, long.MaxValue);
    }

    [Fact]
    public void A_solution_is_published_though_the_snapshot_that_is_due_at_once_cannot_be_handed_out()
    {
        // Off the others by little, so that the answer leaves pools for the next snapshot.
        _bench.Move(0, 10_200);
        _bench.Router.Tell(new OptimizerReady(First));
        _bench.Run(Moment);
        // It has work: the next snapshot is due as soon as its answer is durable.
        _bench.Router.Tell(new OptimizerReady(First));
        _bench.Run();
        _bench.Held.RouterAppendsLeft = 1;
        _bench.Router.Tell(SnapshotSolver.Solve(_bench.Given(First)[^1]));
        _bench.Run();
        Assert.Single(_bench.Events().OfType<Decided>());
        Assert.True(_bench.Held.RouterAppendsLeft < 0, "the next snapshot was refused");
        Assert.Single(_bench.Given(First));
        Assert.Single(_bench.Executor.Received.OfType<ExecuteSolution>());
        _bench.Held.RouterAppendsLeft = int.MaxValue;
        _bench.Run(Moment);
        Assert.Equal(2, _bench.Given(First).Count);
        Assert.Single(_bench.Executor.Received.OfType<ExecuteSolution>());
    }

    [Fact]
    public void A_router_publishes_nothing_before_its_epoch_is_durable()
    {
        var solution = PublishRoutes();
        // The journal takes what an executor tells it meanwhile.
        var next = TakeOverWithoutBeginning();
        next.Tell(new TradeOutcome(
            TradeId.Of(solution.SnapshotId, 0), solution.SnapshotId, 0, Ending.Rejected, ReasonCode.PoolMoved, "", [], 0, 0, 1_000, _bench.Scheduler.Time.GetUtcNow()));
        _bench.Run(Moment);
        Assert.Equal([1, 2], _bench.Events().OfType<EpochStarted>().Select(epoch => epoch.Epoch));
        Assert.Equal([1, 2], _bench.Executor.Received.OfType<ExecuteSolution>().Select(published => published.Epoch));
    }

    [Fact]
    public void A_router_expires_nothing_before_its_epoch_is_durable()
    {
        var solution = PublishRoutes();
        // The next one knows of no publication, and what it expired an executor may have traded on.
        var next = TakeOverWithoutBeginning();
        next.Tell(new SlotObserved(solution.ExpirySlot + 1));
        _bench.Run(Moment);
        Assert.Equal([1, 2], _bench.Events().OfType<EpochStarted>().Select(epoch => epoch.Epoch));
        Assert.Empty(_bench.Events().OfType<SnapshotEnded>());
        Assert.Equal([1, 2], _bench.Executor.Received.OfType<ExecuteSolution>().Select(published => published.Epoch));
    }

    [Fact]
    public void One_that_does_not_answer_within_its_lease_is_given_another_when_it_says_that_it_is_ready()
    {
        _bench.Router.Tell(new OptimizerReady(First));
        _bench.Run(TimeSpan.FromSeconds(6));
        Assert.Single(_bench.Given(First));
        _bench.Router.Tell(new OptimizerReady(First));
        _bench.Run(Moment);
        Assert.Equal(2, _bench.Given(First).Count);
    }

    [Fact]
    public void Outcomes_that_come_while_the_journal_writes_are_written_together_and_each_ends_its_route()
    {
        var solution = PublishRoutes();
        long before = _bench.Journal.Commits;
        foreach (var route in solution.Routes)
        {
            var outcome = new TradeOutcome(
                TradeId.Of(solution.SnapshotId, route.Index), solution.SnapshotId, route.Index, Ending.Rejected, ReasonCode.PoolMoved, "", [], 0, 0, 1_000, _bench.Scheduler.Time.GetUtcNow());
            _bench.Router.Tell(outcome);
            _bench.Router.Tell(outcome);
        }

        _bench.Run(TimeSpan.FromMilliseconds(20));
        Assert.Equal(solution.Routes.Length, _bench.Events().OfType<RouteEnded>().Count());
        Assert.Single(_bench.Events().OfType<SnapshotEnded>());
        Assert.InRange(_bench.Journal.Commits - before, 1, 2);
    }

    public void Dispose() => _bench.Dispose();

    /// <summary>A router by which only what moves, or is asked for, is handed out soon; its optimizer is idle.</summary>
    private static RouterBench SolvedOnce()
    {
        var bench = new RouterBench(TimeSpan.FromMinutes(1), First);
        bench.Router.Tell(new OptimizerReady(First));
        bench.Run(Moment);
        Assert.Single(bench.Given(First));
        Answer(bench, Moment);
        Assert.Single(bench.Given(First));
        return bench;
    }

    private static void Answer(RouterBench bench, TimeSpan duration)
    {
        bench.Router.Tell(SnapshotSolver.Solve(bench.Given(First)[^1]));
        bench.Router.Tell(new OptimizerReady(First));
        bench.Run(duration);
    }

    private static void MoveBy(RouterBench bench, double factor, long sequence) =>
        bench.Move(0, SampleMarkets.Mixed.Pools[0].Curve.State[1] * factor, sequence);

    /// <summary>
    /// The last hand-out told of a market in which one pool of its seven had moved by <see cref="Change"/> since the one before: what moves too little to wake the router
    /// is handed out once as much time is over as the target then asks for (<see cref="AdaptiveInterval"/>).
    /// </summary>
    private static void NextIsDueByWhatMoved(RouterBench bench, double moved)
    {
        Answer(bench, Briefly);
        MoveBy(bench, moved * 1.0003, sequence: 9);
        bench.Router.Tell(new OptimizerReady(First));
        bench.Run(Moment);
        var times = bench.Events().OfType<SnapshotHandedOut>().Select(handed => handed.At).TakeLast(3).ToArray();
        var due = (times[1] - times[0]) * (0.0005 * 0.0005 / (LogChange * LogChange / 7));
        Assert.InRange(times[2] - times[1], due, due + TimeSpan.FromMilliseconds(5));
    }

    /// <summary>Another router over the same journal, which refused the beginning of its epoch and writes again.</summary>
    private ActorRef<IRouterMessage> TakeOverWithoutBeginning()
    {
        ActorSystem.Stop(_bench.Router);
        _bench.Run();
        _bench.Held.RefusesRouter = true;
        var next = _bench.SpawnRouter("router-2");
        _bench.Run();
        _bench.Held.RefusesRouter = false;
        return next;
    }

    /// <summary>Has the router decide and publish a solution of several routes.</summary>
    private ExecuteSolution PublishRoutes()
    {
        _bench.Move(0, 12_000);
        _bench.Move(1, 17_000);
        _bench.Router.Tell(new OptimizerReady(First));
        _bench.Run(Moment);
        _bench.Router.Tell(SnapshotSolver.Solve(_bench.Given(First)[^1]));
        _bench.Run(TimeSpan.FromMilliseconds(20));
        var solution = Assert.Single(_bench.Executor.Received.OfType<ExecuteSolution>());
        Assert.True(solution.Routes.Length > 1, "several routes");
        return solution;
    }
}
