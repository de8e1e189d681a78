namespace QTrade.Trading.Routing;

/// <summary>When the next snapshot may be handed out.</summary>
public static class HandOutTiming
{
    /// <summary>
    /// Not sooner than min-interval after the last; then as soon as a pool moved past the wake threshold, or the adaptive interval is over
    /// and anything changed, or the check interval is over. Not while decided solutions wait for room in the queue.
    /// </summary>
    /// <param name="last">When the last snapshot was handed out; null: none was in this epoch.</param>
    /// <param name="adaptive">The adaptive interval (<see cref="AdaptiveInterval"/>).</param>
    /// <param name="view">The market.</param>
    /// <param name="waiting">Decided solutions that wait for room.</param>
    /// <param name="options">The intervals.</param>
    /// <param name="now">The time.</param>
    public static bool IsDue(
        DateTimeOffset? last, TimeSpan adaptive, MarketView view, int waiting, RouterOptions options, DateTimeOffset now)
    {
        if (waiting >= options.WaitingMax)
            return false;
        if (last is not { } at)
            return true;
        return IsOver(at, options.MinInterval, now)
            && (IsOver(at, options.CheckInterval, now)
                || view.Moved > options.WakeThreshold
                || (IsOver(at, adaptive, now) && view.Changes > 0));
    }

    /// <summary>Whether so much time went by since the last snapshot. A clock that was set back does not tell how much did: then it is over, or nothing would be handed out for as long as it was set back.</summary>
    public static bool IsOver(DateTimeOffset last, TimeSpan interval, DateTimeOffset now) => now < last || now - last >= interval;

    /// <summary>When to look again if nothing else happens; an update may make it due sooner.</summary>
    public static DateTimeOffset NextLook(
        DateTimeOffset? last, TimeSpan adaptive, MarketView view, RouterOptions options, DateTimeOffset now)
    {
        if (last is not { } at)
            return now;
        if (now < at)
            return now + options.MinInterval;
        var interval = view.Moved > options.WakeThreshold ? options.MinInterval
            : view.Changes > 0 ? adaptive
            : options.CheckInterval;
        var look = at + interval;
        return look > now ? look : now + options.MinInterval;
    }
}
