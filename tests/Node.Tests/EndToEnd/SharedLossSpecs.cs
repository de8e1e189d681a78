using QTrade.Actors.Journal;
using QTrade.Messages;
using QTrade.Messages.Cluster;
using QTrade.Messages.Execution;
using QTrade.Node.Tests.Simulation;

namespace QTrade.Node.Tests.EndToEnd;

/// <summary>The loss limit that executors share, on a node that does everything: the executor trades on slices of it.</summary>
public sealed class SharedLossSpecs
{
    private static readonly Operator Person = new("somebody", "here");
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void The_executor_leases_a_slice_of_the_configured_limit_before_it_trades_and_keeps_it()
    {
        using var run = Running();
        run.RunFor(Minute);
        var events = EventsOf(run.Journal);
        Assert.Equal(100, Assert.Single(events.OfType<SharedLossChanged>()).LossMax);
        Assert.Single(events.OfType<RiskSliceLeased>());
        Assert.True(events.FindIndex(message => message is RiskSliceLeased) < events.FindIndex(message => message is TradeIntended));
        Assert.True(run.Node.Status.Executed > 0);
        Assert.Equal((1, 0), (run.Node.Risk!.Slices, run.Node.Risk.Lapsed));
    }

    [Fact]
    public void Where_nothing_of_it_is_left_trading_is_halted_with_the_reason_until_a_person_raises_it_and_resumes()
    {
        using var run = Running();
        run.RunFor(Moment);
        Order(run, 0);
        SetState(run, TradingState.Halted);
        SetState(run, TradingState.Active);
        Assert.Equal(TradingState.Halted, run.Node.Status.TradingState);
        Assert.Contains(nameof(ReasonCode.RiskExhausted), run.Node.Status.TradingStateReason, StringComparison.Ordinal);
        var executed = run.Node.Status.Executed;
        run.RunFor(Minute);
        Assert.Equal(executed, run.Node.Status.Executed);

        Order(run, 50);
        SetState(run, TradingState.Active);
        run.RunFor(Minute);
        Assert.Equal(TradingState.Active, run.Node.Status.TradingState);
        Assert.True(run.Node.Status.Executed > executed);
        Assert.Equal((3L, 50.0, 1), (run.Node.Risk!.Generation, run.Node.Risk.LossMax, run.Node.Risk.Slices));
        Assert.Equal(0, run.Node.Status.Snapshots.Difference);
    }

    [Fact]
    public void A_limit_that_is_lowered_below_the_slice_that_is_out_holds_without_a_restart()
    {
        using var run = Running();
        run.RunFor(Moment);
        Assert.Equal(1.0, run.Node.Risk!.Leased);
        var executed = run.Node.Status.Executed;
        Order(run, 0.25);
        run.RunFor(Minute);

        Assert.InRange(run.Node.Risk.Lost + run.Node.Risk.Leased, 0.2, 0.25);
        Assert.Equal((TradingState.Active, 1), (run.Node.Status.TradingState, run.Node.Risk.Slices));
        Assert.True(run.Node.Status.Executed > executed);
    }

    [Fact]
    public void What_a_person_set_outlives_a_crash_and_what_the_dead_executor_had_is_given_back()
    {
        using var first = Running();
        first.RunFor(Moment);
        Order(first, 70);
        first.RunFor(Minute);

        using var second = Running(first.Journal);
        second.RunFor(Minute);
        Assert.Equal((70.0, true, 1), (second.Node.Risk!.LossMax, second.Node.Risk.IsOrdered, second.Node.Risk.Slices));
        Assert.Equal(TradingState.Active, second.Node.Status.TradingState);
        Assert.Contains(EventsOf(second.Journal).OfType<RiskSliceReported>(), report => report.IsReturned);
    }

    [Fact]
    public void The_shared_limit_is_recovered_from_its_last_snapshot_and_what_came_after_it()
    {
        using var first = Running();
        first.RunFor(Moment);
        for (var order = 1; order <= 450; order++)
        {
            _ = first.Node.SetSharedLossAsync(new SetSharedLoss(1000 + order, first.Scheduler.Time.GetUtcNow()) { By = Person }, Minute);
            first.RunFor(TimeSpan.FromMilliseconds(20));
        }

        first.RunFor(Moment);
        var snapshot = first.Journal.ReadSnapshot(PersistenceIds.Risk)!.Value;
        Assert.Equal("risk.state", snapshot.State.Manifest);
        Assert.InRange(snapshot.SequenceNumber, 400, first.Journal.Read(PersistenceIds.Risk, 0).Last().SequenceNumber - 1);

        using var second = Running(first.Journal);
        second.RunFor(Moment);
        Assert.Equal((1450.0, true, 1), (second.Node.Risk!.LossMax, second.Node.Risk.IsOrdered, second.Node.Risk.Slices));
        Assert.Equal(first.Node.Risk!.Lost, second.Node.Risk.Lost);
    }

    private static SimulatedNode Running(InMemoryJournal? found = null) =>
        new(SampleMarkets.Mixed, NodeOptionsOf.Calm(rate: 50, minInterval: TimeSpan.FromMilliseconds(100)), found: found);

    private static void Order(SimulatedNode run, double lossMax)
    {
        _ = run.Node.SetSharedLossAsync(new SetSharedLoss(lossMax, run.Scheduler.Time.GetUtcNow()) { By = Person }, Minute);
        run.RunFor(Moment);
        Assert.Equal(lossMax, run.Node.Risk!.LossMax);
    }

    private static void SetState(SimulatedNode run, TradingState state)
    {
        run.Node.Command(new SetTradingState(state, ReasonCode.Operator, "", run.Scheduler.Time.GetUtcNow()) { By = Person });
        run.RunFor(Moment);
    }

    private static List<IMessage> EventsOf(InMemoryJournal journal) => [.. JournalMessages.Of(journal)];
}
