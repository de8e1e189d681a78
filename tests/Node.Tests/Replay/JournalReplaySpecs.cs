using QTrade.Messages.Routing;
using QTrade.Node.Replay;
using QTrade.Node.Tests.EndToEnd;
using QTrade.Node.Tests.Simulation;
using QTrade.Solver;

namespace QTrade.Node.Tests.Replay;

public sealed class JournalReplaySpecs
{
    [Fact]
    public void Decisions_of_several_runs_replay_to_the_same_bytes()
    {
        using var first = Run(null);
        using var second = Run(first);
        var report = new JournalReplay(SnapshotSolver.Solve, SolverVersion.Current).Verify(second.Journal);
        Assert.True(report.Verified, string.Join('\n', report.Divergences));
        Assert.Equal(second.Laws.Decisions, report.Decisions);
        Assert.Equal(report.Decisions, report.Same);
        Assert.Equal(second.Journal.Count, report.Events);
        Assert.True(report.Decisions > 40);
        Assert.Empty(report.OtherSolvers);
    }

    [Fact]
    public void A_solve_begins_again_from_the_prices_and_trades_of_its_start_and_from_the_prices_alone_where_only_those_were_told()
    {
        using var run = Run(null);
        var solved = new List<SolveSnapshot>();
        new JournalReplay(Remember, SolverVersion.Current).Verify(run.Journal);
        var told = solved.ToArray();
        solved.Clear();
        new JournalReplay(Remember, SolverVersion.Current).Verify(new EarlierJournal(run.Journal));
        var toldBefore = solved.ToArray();

        Assert.True(told.Count(snapshot => !snapshot.StartTrades.IsEmpty) > 10);
        Assert.Equal(told.Select(snapshot => snapshot.SnapshotId), toldBefore.Select(snapshot => snapshot.SnapshotId));
        for (var i = 1; i < told.Length; i++)
        {
            var start = SnapshotSolver.Solve(told[i - 1]).Result;
            Assert.Equal(start.Prices.ToArray(), told[i].StartPrices.ToArray());
            Assert.Equal(start.Trades.ToArray(), told[i].StartTrades.ToArray());
            Assert.Equal(start.Prices.ToArray(), toldBefore[i].StartPrices.ToArray());
            Assert.Empty(toldBefore[i].StartTrades);
        }

        SnapshotSolved Remember(SolveSnapshot snapshot)
        {
            solved.Add(snapshot);
            return SnapshotSolver.Solve(snapshot);
        }
    }

    [Fact]
    public void A_decision_that_comes_out_differently_is_named_with_its_first_difference()
    {
        using var run = Run(null);
        var wrong = default(SnapshotId);
        var report = new JournalReplay(Otherwise, SolverVersion.Current).Verify(run.Journal);
        Assert.False(report.Verified);
        Assert.Equal(1, report.Diverged);
        Assert.Equal(0, report.DivergedInNameAlone);
        var divergence = Assert.Single(report.Divergences);
        Assert.Equal(wrong, divergence.SnapshotId);
        Assert.Equal("prices[1]", divergence.Where);
        Assert.Contains("prices[1]", divergence.Describe(SolverVersion.Current), StringComparison.Ordinal);

        SnapshotSolved Otherwise(SolveSnapshot snapshot)
        {
            var solved = SnapshotSolver.Solve(snapshot);
            if (snapshot.SnapshotId.Number != 7)
                return solved;
            wrong = snapshot.SnapshotId;
            var prices = solved.Result.Prices;
            return solved with { Result = solved.Result with { Prices = prices.SetItem(1, Math.BitIncrement(prices[1])) } };
        }
    }

    [Fact]
    public void Another_solver_is_named()
    {
        using var run = Run(null, snapshot =>
        {
            var solved = SnapshotSolver.Solve(snapshot);
            return solved with { Result = solved.Result with { Solver = "an older one 0.9" } };
        });
        var report = new JournalReplay(SnapshotSolver.Solve, SolverVersion.Current).Verify(run.Journal);
        Assert.Equal(report.Decisions, report.OtherSolvers["an older one 0.9"]);
        Assert.Equal(report.Decisions, report.Diverged);
        Assert.Equal(report.Decisions, report.DivergedInNameAlone);
        Assert.All(report.Divergences, divergence =>
        {
            Assert.Equal("solver", divergence.Where);
            Assert.Contains("an older one 0.9", divergence.Describe(SolverVersion.Current), StringComparison.Ordinal);
        });
    }

    /// <summary>Whatever else differs, also what is not named: here what a limit cost.</summary>
    [Fact]
    public void Another_solver_that_decided_otherwise_differs_in_more_than_its_name()
    {
        using var run = Run(null, snapshot =>
        {
            var solved = SnapshotSolver.Solve(snapshot);
            return solved with { Result = solved.Result with { Solver = "an older one 0.9", UnlimitedBound = 1 } };
        });
        var report = new JournalReplay(SnapshotSolver.Solve, SolverVersion.Current).Verify(run.Journal);
        Assert.Equal(report.Decisions, report.Diverged);
        Assert.Equal(0, report.DivergedInNameAlone);
        Assert.All(report.Divergences, divergence => Assert.Equal("bytes", divergence.Where));
    }

    [Fact]
    public void What_the_journal_no_longer_has_is_counted_apart_and_named()
    {
        using var run = Run(null);
        var trimmed = new TrimmedJournal(run.Journal, stored => stored.Data.Manifest.StartsWith("pool-configuration.", StringComparison.Ordinal));
        var report = new JournalReplay(SnapshotSolver.Solve, SolverVersion.Current).Verify(trimmed);
        Assert.Equal(report.Decisions, report.Missing);
        Assert.Contains("configuration 1 of pool", report.FirstMissing, StringComparison.Ordinal);
        Assert.True(report.Verified);
    }

    [Fact]
    public void Pools_of_known_venues_are_recovered_and_replayed_in_integers()
    {
        using var first = RunVenues(null);
        using var second = RunVenues(first);
        Assert.All(second.LastSolved.Pools, pool => Assert.Equal(VenueMarkets.Triangle.Pools.Single(own => own.Id == pool.Id).Venue!.GetType(), pool.Venue?.GetType()));
        var report = new JournalReplay(SnapshotSolver.Solve, SolverVersion.Current).Verify(second.Journal);
        Assert.True(report.Verified, string.Join('\n', report.Divergences));
        Assert.Equal(report.Decisions, report.Same);
        Assert.True(report.Decisions > 0);
    }

    private static SimulatedNode RunVenues(SimulatedNode? before)
    {
        var run = new SimulatedNode(
            VenueMarkets.Triangle, NodeOptionsOf.Calm(rate: 10, minInterval: TimeSpan.FromSeconds(0.5)), found: before?.Journal);
        run.RunFor(TimeSpan.FromSeconds(20));
        run.Stop();
        return run;
    }

    private static SimulatedNode Run(SimulatedNode? before, Func<SolveSnapshot, SnapshotSolved>? solve = null)
    {
        var run = new SimulatedNode(
            SampleMarkets.Mixed, NodeOptionsOf.Calm(rate: 10, minInterval: TimeSpan.FromSeconds(0.5)), found: before?.Journal, solve: solve);
        run.RunFor(TimeSpan.FromSeconds(20));
        run.Stop();
        return run;
    }
}
