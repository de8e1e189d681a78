namespace QTrade.Node.Simulation;

/// <summary>What the feed did since its start. Written by the feed, read from any thread.</summary>
public sealed class FeedMetrics
{
    private long _updates, _swapsRefused, _ticksLost;

    /// <summary>Observations of pools that were told.</summary>
    public long Updates => Volatile.Read(ref _updates);

    /// <summary>Swaps that a pool refused: it is empty on that side, or its price stands beyond its liquidity.</summary>
    public long SwapsRefused => Volatile.Read(ref _swapsRefused);

    /// <summary>Ticks that were left out because the feed was too far behind its clock.</summary>
    public long TicksLostCount => Volatile.Read(ref _ticksLost);

    internal void Observed() => Interlocked.Increment(ref _updates);

    internal void SwapRefused() => Interlocked.Increment(ref _swapsRefused);

    internal void TicksLost(long ticks)
    {
        if (ticks > 0)
            Interlocked.Add(ref _ticksLost, ticks);
    }
}
