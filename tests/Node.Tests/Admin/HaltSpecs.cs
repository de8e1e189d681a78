using QTrade.Actors.Journal;
using QTrade.Messages;
using QTrade.Messages.Execution;
using QTrade.Node.Actors;
using QTrade.Node.Tests.EndToEnd;
using QTrade.Node.Tests.Simulation;

namespace QTrade.Node.Tests.Admin;

/// <summary>The kill switch: it holds at once, whatever the journal is at, and is kept with who and why.</summary>
public sealed class HaltSpecs
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(800);
    private static readonly TimeSpan While = TimeSpan.FromSeconds(20);
    private static readonly Operator Somebody = new("somebody", "127.0.0.1");

    [Fact]
    public void A_halt_holds_at_once_and_over_a_restart_with_who_and_why()
    {
        using var first = Running();
        Assert.True(first.Node.Status.Executed > 0);

        var halting = first.Node.HaltAsync(Halt("looks wrong"), Patience);
        Assert.Equal(TradingState.Halted, first.Node.Status.TradingState);
        first.RunFor(While);
        Assert.Equal(new ExecutorCommandEnded(null, null), EndOf(halting));
        var executed = first.Node.Status.Executed;
        first.RunFor(While);
        Assert.Equal(executed, first.Node.Status.Executed);
        first.Stop();

        using var second = Running(first.Journal);
        Assert.Equal(TradingState.Halted, second.Node.Status.TradingState);
        Assert.Equal("Operator somebody from 127.0.0.1: looks wrong", second.Node.Status.TradingStateReason);
        Assert.Equal(executed, second.Node.Status.Executed);

        second.Node.SteerAsync(new SetTradingState(TradingState.Active, ReasonCode.Operator, "", default), Patience);
        second.RunFor(While);
        Assert.True(second.Node.Status.Executed > executed);
    }

    [Theory]
    [InlineData(JournalFault.Broken)]
    [InlineData(JournalFault.Full)]
    public void Under_a_broken_journal_it_is_halted_all_the_same_says_so_and_writes_the_halt_once_it_can(JournalFault fault)
    {
        using var first = Running();
        first.Journal.Fault = fault;

        var halting = first.Node.HaltAsync(Halt("now"), Patience);
        first.RunFor(TimeSpan.FromSeconds(2));
        Assert.NotNull(EndOf(halting).NotWritten);
        Assert.Equal(TradingState.Halted, first.Node.Status.TradingState);
        var executed = first.Node.Status.Executed;

        first.Journal.Fault = JournalFault.None;
        first.RunFor(While);
        Assert.Equal("Operator somebody from 127.0.0.1: now", first.Node.Status.TradingStateReason);
        Assert.Equal(executed, first.Node.Status.Executed);

        using var second = Running(first.Journal);
        Assert.Equal(TradingState.Halted, second.Node.Status.TradingState);
    }

    [Fact]
    public void A_resumption_that_cannot_be_written_leaves_it_halted()
    {
        using var run = Running();
        run.Node.HaltAsync(Halt(""), Patience);
        run.RunFor(TimeSpan.FromSeconds(2));
        run.Journal.Fault = JournalFault.Full;

        var resuming = run.Node.SteerAsync(new SetTradingState(TradingState.Active, ReasonCode.Operator, "", default), Patience);
        run.RunFor(TimeSpan.FromSeconds(2));
        Assert.NotNull(EndOf(resuming).NotWritten);
        run.Journal.Fault = JournalFault.None;
        run.RunFor(While);

        Assert.Equal(TradingState.Halted, run.Node.Status.TradingState);
    }

    [Fact]
    public void A_resumption_that_was_given_before_a_halt_does_not_lift_it_for_a_moment()
    {
        using var run = Running();
        run.Node.SteerAsync(new SetTradingState(TradingState.Reducing, ReasonCode.Operator, "", default), Patience);
        run.RunFor(TimeSpan.FromSeconds(2));
        Assert.Equal(TradingState.Reducing, run.Node.Status.TradingState);

        run.Node.SteerAsync(new SetTradingState(TradingState.Active, ReasonCode.Operator, "", default), Patience);
        var halting = run.Node.HaltAsync(Halt("wait"), Patience);
        run.Scheduler.BeforeStep = _ =>
        {
            Assert.Equal(TradingState.Halted, run.Node.Status.TradingState);
            return true;
        };
        run.Scheduler.RunFor(TimeSpan.FromSeconds(2));

        Assert.Equal(new ExecutorCommandEnded(null, null), EndOf(halting));
        run.RunFor(While);
        Assert.Equal(TradingState.Halted, run.Node.Status.TradingState);
        using var second = Running(run.Journal);
        Assert.Equal(TradingState.Halted, second.Node.Status.TradingState);
    }

    // The answer is given in virtual time; who awaited it goes on on a thread of the pool.
    private static ExecutorCommandEnded EndOf(Task<ExecutorCommandEnded> steering)
    {
        Assert.True(SpinWait.SpinUntil(() => steering.IsCompleted, TimeSpan.FromSeconds(30)), "nothing was heard of the command");
        return steering.GetAwaiter().GetResult();
    }

    private static SetTradingState Halt(string why) => new(TradingState.Halted, ReasonCode.Operator, why, default) { By = Somebody };

    private static SimulatedNode Running(InMemoryJournal? found = null)
    {
        var run = new SimulatedNode(SampleMarkets.Mixed, NodeOptionsOf.Calm(rate: 10, minInterval: TimeSpan.FromSeconds(1)), found: found);
        run.RunFor(While);
        return run;
    }
}
