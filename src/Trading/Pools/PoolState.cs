using QTrade.Messages.Pools;

namespace QTrade.Trading.Pools;

/// <summary>What a pool knows of itself: its newest state, or nothing yet.</summary>
/// <param name="Newest">The last event, which is the whole state.</param>
public readonly record struct PoolState(ReservesChanged? Newest)
{
    /// <summary>A pool that was never observed.</summary>
    public static PoolState Unseen => default;

    /// <summary>Sequence number of the last event, 0 before the first.</summary>
    public long Sequence => Newest?.Sequence ?? 0;
}
