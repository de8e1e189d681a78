using QTrade.Messages.Pools;
using QTrade.Trading.Routing;

namespace QTrade.Trading.Tests.Routing;

public sealed class TimingSpecs
{
    private static readonly RouterOptions Options = new()
    {
        MinInterval = TimeSpan.FromMilliseconds(50),
        CheckInterval = TimeSpan.FromSeconds(60),
        WakeThreshold = 0.01,
        WaitingMax = 2,
        MoveTarget = 0.001,
    };

    private static readonly TimeSpan Adaptive = TimeSpan.FromSeconds(2);

    [Theory]
    [InlineData(49, 1.0, false)]
    [InlineData(50, 1.0, true)]
    [InlineData(50, 0.001, false)]
    [InlineData(1999, 0.001, false)]
    [InlineData(2000, 0.001, true)]
    [InlineData(59_999, 0.0, false)]
    [InlineData(60_000, 0.0, true)]
    public void A_snapshot_is_due(int msSinceLast, double move, bool due) =>
        Assert.Equal(due, HandOutTiming.IsDue(Sample.Noon, Adaptive, Moved(move), 0, Options, Sample.Noon.AddMilliseconds(msSinceLast)));

    [Fact]
    public void The_first_snapshot_of_an_epoch_is_due_at_once() =>
        Assert.True(HandOutTiming.IsDue(null, Adaptive, Moved(0), 0, Options, Sample.Noon));

    [Fact]
    public void Where_the_clock_was_set_back_one_is_due()
    {
        var before = Sample.Noon.AddMinutes(-30);
        Assert.True(HandOutTiming.IsDue(Sample.Noon, Adaptive, Moved(0), 0, Options, before));
        Assert.Equal(before + Options.MinInterval, HandOutTiming.NextLook(Sample.Noon, Adaptive, Moved(0), Options, before));
    }

    [Fact]
    public void None_is_due_while_solutions_wait_for_room() =>
        Assert.False(HandOutTiming.IsDue(Sample.Noon, Adaptive, Moved(1), 2, Options, Sample.Noon.AddHours(1)));

    [Theory]
    [InlineData(1.0, 50)]
    [InlineData(0.001, 2000)]
    [InlineData(0.0, 60_000)]
    public void The_next_look_is_when_it_becomes_due(double move, int ms) => Assert.Equal(
        Sample.Noon.AddMilliseconds(ms),
        HandOutTiming.NextLook(Sample.Noon, Adaptive, Moved(move), Options, Sample.Noon.AddMilliseconds(1)));

    [Fact]
    public void The_adaptive_interval_is_the_time_in_which_a_price_moves_by_the_target()
    {
        // 1e-6 of variance in 2 s: half of that a second, so that a move of 1e-3 is expected within 2 s.
        Assert.Equal(TimeSpan.FromSeconds(2), AdaptiveInterval.Of([new CutVariance(1e-6, 2)], Options));
        Assert.Equal(TimeSpan.FromSeconds(2), AdaptiveInterval.Of([new CutVariance(0.5e-6, 0.5), new CutVariance(0.5e-6, 1.5)], Options));
    }

    [Fact]
    public void The_adaptive_interval_stays_between_the_others()
    {
        Assert.Equal(Options.MinInterval, AdaptiveInterval.Of([], Options));
        Assert.Equal(Options.MinInterval, AdaptiveInterval.Of([new CutVariance(1, 0.05)], Options));
        Assert.Equal(Options.CheckInterval, AdaptiveInterval.Of([new CutVariance(0, 1)], Options));
        Assert.Equal(Options.CheckInterval, AdaptiveInterval.Of([new CutVariance(1e-30, 1)], Options));
    }

    [Fact]
    public void Wrong_options_are_named()
    {
        Assert.Null(new RouterOptions().Fault());
        Assert.Contains("check-interval", new RouterOptions { CheckInterval = TimeSpan.FromMilliseconds(1) }.Fault());
        Assert.Contains("legs", new RouterOptions { Solve = new(1, new(1, 1, 1, 0, 0, 0, 0)) }.Fault());
        Assert.Contains("cost-per-leg", new RouterOptions { Solve = new(1, new(2, 1, 1, double.NaN, 0, 0, 0)) }.Fault());
    }

    private static MarketView Moved(double move)
    {
        var view = Sample.View(Sample.Market([Sample.Token("A", 1), Sample.Token("B", 1)], Sample.Product("p", "A", "B", 100, 100)), 1);
        view.MarkCut();
        if (move > 0)
            view.Apply(new ReservesChanged(new("p"), 2, [100 * (1 + move), 100], Sample.At(2)));
        return view;
    }
}
