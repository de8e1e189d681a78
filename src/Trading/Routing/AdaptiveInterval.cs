namespace QTrade.Trading.Routing;

/// <summary>
/// How long to wait between snapshots, from how fast prices have moved: with a variance of log-prices of s^2 per second, a price is
/// expected to move by the target m within (m / s)^2 seconds.
/// </summary>
public static class AdaptiveInterval
{
    /// <summary>The interval, between min-interval and check-interval. Nothing known yet: min-interval. Nothing moved: check-interval.</summary>
    public static TimeSpan Of(ReadOnlySpan<CutVariance> lastCuts, RouterOptions options)
    {
        if (lastCuts.IsEmpty)
            return options.MinInterval;
        double squares = 0, seconds = 0;
        foreach (var cut in lastCuts)
        {
            squares += cut.MeanSquare;
            seconds += cut.Seconds;
        }

        if (!(squares > 0))
            return options.CheckInterval;
        var interval = options.MoveTarget * options.MoveTarget * seconds / squares;
        return interval >= options.CheckInterval.TotalSeconds ? options.CheckInterval
            : interval <= options.MinInterval.TotalSeconds ? options.MinInterval
            : TimeSpan.FromSeconds(interval);
    }
}
