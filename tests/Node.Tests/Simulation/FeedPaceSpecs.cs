using QTrade.Node.Simulation;

namespace QTrade.Node.Tests.Simulation;

public sealed class FeedPaceSpecs
{
    [Theory]
    [InlineData(0.1)]
    [InlineData(1)]
    [InlineData(7.3)]
    [InlineData(2_000)]
    [InlineData(10_000)]
    [InlineData(123_456)]
    public void Swaps_over_an_hour_are_what_the_rate_asks_for(double rate)
    {
        var pace = new FeedPace(rate);
        var ticks = TimeSpan.FromHours(1).Ticks / pace.Tick.Ticks;
        long swaps = 0, slots = 0;
        for (long tick = 0; tick < ticks; tick++)
        {
            swaps += pace.SwapsIn(tick);
            slots += pace.BeginsSlot(tick) ? 1 : 0;
        }

        Assert.InRange(swaps, (3_600 * rate) - 1, (3_600 * rate) + 1);
        Assert.Equal(9_000, slots);
        Assert.True(pace.Tick >= TimeSpan.FromMilliseconds(10));
    }
}
