using QTrade.Actors.Journal;
using QTrade.Node.Replay;
using QTrade.Node.Tests.Simulation;
using QTrade.Solver;

namespace QTrade.Node.Tests.EndToEnd;

public sealed class SimulatedHourSpecs
{
    [Fact]
    public void A_node_keeps_the_laws_at_every_step_of_a_simulated_hour()
    {
        using var run = new SimulatedNode(SampleMarkets.Mixed, NodeOptionsOf.Calm(rate: 1, minInterval: TimeSpan.FromSeconds(6)));
        run.RunFor(TimeSpan.FromHours(1));
        Assert.True(run.Stop(), "something was left in flight");

        var status = run.Node.Status;
        Assert.InRange(run.Laws.Decisions, 200, 700);
        Assert.InRange(run.Laws.Executed, 20, 2_000);
        Assert.Empty(run.Laws.InFlight);
        Assert.Empty(run.Laws.Unfinished);
        Assert.Equal(run.Laws.HandedOut, status.Snapshots.HandedOut);
        Assert.Equal(run.Laws.Executed, status.Executed);
        Assert.Equal(run.Laws.Profit, status.Profit, 9);
        Assert.True(status.Profit > 0);
        Assert.True(status.Faults == 0, $"{status.LastFault} {string.Join(" ", run.Lines)} {string.Join(" ", run.Node.DeadLetters)}");
        Assert.InRange(status.Updates, 3_500, 3_700 + (run.Laws.Executed * 20));
        Assert.All(status.Balances, balance => Assert.True(double.IsFinite(balance.Value)));

        var replay = new JournalReplay(SnapshotSolver.Solve, SolverVersion.Current).Verify(run.Journal);
        Assert.Equal(run.Laws.Decisions, replay.Decisions);
        Assert.Equal(replay.Decisions, replay.Same);
        Assert.True(replay.Verified);
    }

    [Fact]
    public void Two_runs_with_the_same_seed_leave_the_same_journal_byte_for_byte()
    {
        var one = JournalOfARun(seed: 1);
        Assert.Equal(one, JournalOfARun(seed: 1));
        Assert.NotEqual(one, JournalOfARun(seed: 2));
    }

    private static List<string> JournalOfARun(ulong seed)
    {
        using var run = new SimulatedNode(SampleMarkets.Mixed, NodeOptionsOf.Calm(rate: 10, minInterval: TimeSpan.FromSeconds(1), seed));
        run.RunFor(TimeSpan.FromSeconds(40));
        run.Stop();
        return [.. run.Journal.ReadAll(0).Select(Describe)];
    }

    private static string Describe(StoredEvent stored) =>
        $"{stored.Ordinal} {stored.PersistenceId} {stored.SequenceNumber} {stored.Data.Manifest} {Convert.ToHexString(stored.Data.Payload.Span)}";
}
