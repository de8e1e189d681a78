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
        var elapsed = now - at;

        // A clock that was set back does not tell how long ago it was.
        return elapsed < TimeSpan.Zero || (elapsed >= options.MinInterval
            && (elapsed >= options.CheckInterval
                || view.Moved > options.WakeThreshold
                || (elapsed >= adaptive && view.Changes > 0)));
    }

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
