using QTrade.Messages;
using QTrade.Messages.Cluster;
using QTrade.Messages.Execution;
using QTrade.Trading.Cluster;
using static QTrade.Trading.Tests.Cluster.ClusterSample;

namespace QTrade.Trading.Tests.Cluster;

public sealed class ControlWatchSpecs
{
    [Fact]
    public void A_start_is_halted_until_control_was_read()
    {
        var watch = new ControlWatch();
        Assert.Equal((TradingState.Halted, ReasonCode.ControlUnread), InForce(watch, 0));

        watch.Hear(Beat(1, 1), Start);
        Assert.Equal((TradingState.Active, ReasonCode.StartUp), InForce(watch, 0));
    }

    [Fact]
    public void An_executor_that_hears_nothing_for_a_second_is_halted_until_it_does()
    {
        var watch = new ControlWatch();
        watch.Hear(Beat(1, 1), Start);

        Assert.Equal(TradingState.Active, InForce(watch, 999).State);
        Assert.Equal((TradingState.Halted, ReasonCode.ControlSilent), InForce(watch, 1000));
        Assert.Equal((TradingState.Halted, ReasonCode.ControlSilent), InForce(watch, 1500));
        Assert.Equal(1, watch.Silences);
        watch.Hear(Beat(1, 2), After(1600));
        Assert.Equal(TradingState.Active, InForce(watch, 1700).State);
    }

    [Fact]
    public void A_halt_is_told_with_its_reason_and_who_wants_it()
    {
        var watch = new ControlWatch();
        watch.Hear(Beat(1, 1) with { State = TradingState.Halted, Reason = ReasonCode.Operator, Detail = "enough", By = new Operator("me", "here") }, Start);

        var (state, reason) = watch.InForce(Start);
        Assert.Equal(TradingState.Halted, state);
        Assert.Equal("Operator me from here: enough", reason.Describe());
    }

    [Fact]
    public void A_teller_that_was_replaced_neither_lifts_a_halt_nor_counts_as_heard()
    {
        var watch = new ControlWatch();
        watch.Hear(Beat(2, 1) with { State = TradingState.Halted }, Start);

        Assert.False(watch.Hear(Beat(1, 900), After(500)));
        Assert.False(watch.Hear(Beat(2, 1), After(500)));
        Assert.Equal(2, watch.Stale);
        Assert.Equal(ReasonCode.ControlSilent, InForce(watch, 1000).Reason);
    }

    [Theory]
    [InlineData(TradingState.Active, TradingState.Reducing, TradingState.Reducing)]
    [InlineData(TradingState.Halted, TradingState.Reducing, TradingState.Halted)]
    [InlineData(TradingState.Active, TradingState.Active, TradingState.Active)]
    public void Of_two_states_the_stricter_holds(TradingState one, TradingState other, TradingState stricter)
    {
        Assert.Equal(stricter, ControlWatch.Stricter(one, other));
        Assert.Equal(stricter, ControlWatch.Stricter(other, one));
    }

    private static ControlHeartbeat Beat(long epoch, long number) =>
        new(epoch, number, TradingState.Active, ReasonCode.StartUp, "", new RiskLimits(1000, 50, 3), 1);

    private static (TradingState State, ReasonCode Reason) InForce(ControlWatch watch, double milliseconds)
    {
        var (state, reason) = watch.InForce(After(milliseconds));
        return (state, reason.Reason);
    }
}
