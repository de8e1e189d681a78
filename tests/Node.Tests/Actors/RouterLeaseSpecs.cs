using QTrade.Messages;
using QTrade.Messages.Execution;
using QTrade.Messages.Routing;
using QTrade.Node.Actors;
using QTrade.Trading.Cluster;

namespace QTrade.Node.Tests.Actors;

/// <summary>A router whose optimizers die, hang, answer late or twice, with a snapshot in hand.</summary>
public sealed class RouterLeaseSpecs : IDisposable
{
    private const string First = "n1.optimizer-1", Second = "n2.optimizer-1", Third = "n2.optimizer-2";

    private static readonly TimeSpan Term = RouterSetup.RemoteLease;
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(500);

    // Nothing is due by itself: what is given again is the cut that lapsed.
    private readonly RouterBench _bench = new(TimeSpan.FromMinutes(10), First, Second, Third);

    private int _ended;

    private LeaseStatus Leases => _bench.Board.Router.Leases;

    [Fact]
    public void A_snapshot_whose_lease_lapsed_is_offered_again_to_whoever_asks_and_was_handed_out_once()
    {
        Ready(First);
        Ready(Second);
        _bench.Run(Term - (Moment * 3));
        Assert.Empty(_bench.Given(Second));
        _bench.Run(Moment * 2);
        Assert.Equal(Assert.Single(_bench.Given(First)), Assert.Single(_bench.Given(Second)));
        Assert.Single(_bench.Events().OfType<SnapshotHandedOut>());

        Answer(Second);
        Assert.Single(_bench.Events().OfType<Decided>());
        Assert.Equal((2L, 1L), (Leases.Granted, Leases.Lapsed));
        AssertLedger();
    }

    [Fact]
    public void Where_the_market_moved_meanwhile_the_newest_cut_is_offered_and_answers_for_the_other()
    {
        Ready(First);
        _bench.Move(0, 12_000);
        _bench.Run(Term);
        Ready(Second);
        var newest = Assert.Single(_bench.Given(Second));
        Assert.NotEqual(_bench.Given(First)[0].SnapshotId, newest.SnapshotId);

        Answer(Second);
        Assert.Equal(Ending.Superseded, Assert.Single(_bench.Events().OfType<SnapshotEnded>(), ended => ended.SnapshotId == _bench.Given(First)[0].SnapshotId).Ending);
        AssertLedger();
    }

    [Fact]
    public void The_first_answer_counts_whoever_gives_it_and_the_other_is_late()
    {
        Ready(First);
        Ready(Second);
        _bench.Run(Term);
        Answer(First);
        Answer(Second);
        Assert.Single(_bench.Events().OfType<Decided>());
        // It is seen with what is written next.
        _bench.Move(0, 12_000);
        Ready(First);
        Answer(First);
        Assert.Equal(1, Leases.Late);
        AssertLedger();
    }

    [Fact]
    public void What_a_node_that_is_gone_was_at_is_offered_at_once_and_not_to_its_other_optimizers()
    {
        Ready(Second);
        Ready(Third);
        Ready(First);
        Assert.Single(_bench.Given(Second));
        _bench.Router.Tell(new NodeGone("n2"));
        _bench.Run(Moment);
        Assert.Empty(_bench.Given(Third));
        Assert.Equal(_bench.Given(Second), _bench.Given(First));
        Answer(First);
        AssertLedger();
    }

    [Fact]
    public void A_node_whose_name_only_begins_so_is_not_gone()
    {
        Ready(First);
        _bench.Router.Tell(new NodeGone("n"));
        _bench.Router.Tell(new NodeGone("n1.optimizer-1"));
        Ready(Second);
        Assert.Empty(_bench.Given(Second));
        Assert.Equal(0, Leases.Lapsed);
    }

    [Fact]
    public void An_optimizer_that_nobody_reaches_is_not_waited_for_until_it_says_that_it_is_ready()
    {
        Ready(First);
        _bench.Router.Tell(new OptimizerGone(First));
        _bench.Run(Moment);
        Assert.Single(_bench.Given(First));
        Ready(First);
        Assert.Equal(2, _bench.Given(First).Count);
        Answer(First);
        AssertLedger();
    }

    [Fact]
    public void A_snapshot_that_nobody_answers_has_failed_once()
    {
        for (var attempt = 1; attempt <= SnapshotLeases.AttemptsMax; attempt++)
        {
            Ready(First);
            Assert.Equal(attempt, _bench.Given(First).Count);
            _bench.Run(Term);
        }

        var ended = Assert.Single(_bench.Events().OfType<SnapshotEnded>());
        Assert.Equal(Ending.Failed, ended.Ending);
        Assert.Contains(First, ended.Detail, StringComparison.Ordinal);
        Answer(First);
        Assert.Empty(_bench.Events().OfType<Decided>());
        AssertLedger();
    }

    [Fact]
    public void An_answer_that_cannot_be_written_is_neither_late_nor_offered_again()
    {
        Ready(First);
        _bench.Held.RefusesRouter = true;
        Answer(First);
        Ready(Second);
        _bench.Run(Term * 2);
        Assert.Empty(_bench.Given(Second));
        _bench.Held.RefusesRouter = false;
        _bench.Run(Term);
        Assert.Single(_bench.Events().OfType<Decided>());
        Assert.Equal((0L, 0L), (Leases.Lapsed, Leases.Late));
        AssertLedger();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Whoever_dies_hangs_or_repeats_itself_every_snapshot_ends_once(int seed)
    {
        var random = new Random(seed);
        string[] names = [First, Second, Third];
        var sequence = 2L;
        for (var step = 0; step < 300; step++)
        {
            var name = names[random.Next(names.Length)];
            switch (random.Next(7))
            {
                case 0 or 1:
                    _bench.Router.Tell(new OptimizerReady(name));
                    break;
                case 2 or 3 when _bench.Given(name) is { Count: > 0 } given:
                    // One that it was given long ago now and then, too.
                    _bench.Router.Tell(SnapshotSolver.Solve(given[Math.Max(0, given.Count - 1 - random.Next(2))]));
                    break;
                case 4:
                    _bench.Router.Tell(random.Next(2) == 0 ? new OptimizerGone(name) : new NodeGone(name[..2]));
                    break;
                case 5:
                    _bench.Held.RefusesRouter = random.Next(3) == 0;
                    break;
                default:
                    _bench.Move(random.Next(2), 9_000 + random.Next(4_000), sequence++);
                    break;
            }

            _bench.Run(TimeSpan.FromMilliseconds(random.Next(2_000)));
            EndRoutes();
            AssertLedger();
        }

        _bench.Held.RefusesRouter = false;
        _bench.Run(Term);
        EndRoutes();
        // Whoever else was ready is not any more: the last cut is the first optimizer's.
        _bench.Router.Tell(new NodeGone("n1"));
        _bench.Router.Tell(new NodeGone("n2"));
        _bench.Move(0, 5_000, sequence);
        Ready(First);
        Answer(First);
        _bench.Run(Term);
        Assert.Empty(_bench.Board.Router.State.Undecided);
        Assert.Equal(0, Leases.Running);
        Assert.True(Leases.Lapsed > 0 && Leases.Late > 0, $"seed {seed} had neither");
    }

    public void Dispose() => _bench.Dispose();

    private void Ready(string optimizer)
    {
        _bench.Router.Tell(new OptimizerReady(optimizer));
        _bench.Run(Moment);
    }

    private void Answer(string optimizer)
    {
        _bench.Router.Tell(SnapshotSolver.Solve(_bench.Given(optimizer)[^1]));
        _bench.Run(Moment);
    }

    /// <summary>No route takes effect, so that no pool is withheld for long.</summary>
    private void EndRoutes()
    {
        foreach (var solution in _bench.Executor.Received.OfType<ExecuteSolution>().Skip(_ended))
        {
            _ended++;
            foreach (var route in solution.Routes)
            {
                _bench.Router.Tell(new TradeOutcome(
                    TradeId.Of(solution.SnapshotId, route.Index), solution.SnapshotId, route.Index, Ending.Rejected, ReasonCode.PoolMoved, "", [], 0, 0, 1_000, _bench.Scheduler.Time.GetUtcNow()));
            }
        }
    }

    private void AssertLedger()
    {
        var handedOut = _bench.Events().OfType<SnapshotHandedOut>().Select(snapshot => snapshot.SnapshotId).ToList();
        var ended = _bench.Events().OfType<SnapshotEnded>().Select(snapshot => snapshot.SnapshotId).ToList();
        Assert.Distinct(handedOut);
        Assert.Distinct(ended);
        Assert.Empty(ended.Except(handedOut));
        Assert.Equal(0, _bench.Board.Router.State.Snapshots.Difference);
    }
}
