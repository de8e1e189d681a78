using QTrade.Markets;
using QTrade.Messages;
using QTrade.Messages.Routing;

namespace QTrade.Trading.Routing;

/// <summary>Waits for the market to stand where the tape's next cut is. The feed shows nothing behind a cut that is not over, so that a view which has all of it has nothing else.</summary>
/// <param name="view">The market as it is heard of.</param>
public sealed class TapeFollower(MarketView view)
{
    private readonly HashSet<PoolId> awaited = [];

    /// <summary>The cut that the feed told last; null before the first.</summary>
    public TapeCut? Next { get; private set; }

    /// <summary>Takes what the feed tells, again and again.</summary>
    public void Take(TapeCut cut)
    {
        Next = cut;
        awaited.Clear();
        foreach (var pool in cut.Pools)
        {
            if (view.OrderOf(pool) != PositionOrder.Same && !view.IsRetired(pool.PoolId))
                awaited.Add(pool.PoolId);
        }
    }

    /// <summary>A pool was heard of.</summary>
    public void Hear(PoolId pool, in PositionVector at)
    {
        if (awaited.Contains(pool) && Next is { } next && next.Pools.AsSpan().BinarySearch(new PoolPosition(pool, default), ById.Instance) is >= 0 and var place && next.Pools[place].At == at)
            awaited.Remove(pool);
    }

    /// <summary>A pool was retired: nobody hears of it any more.</summary>
    public void Retire(PoolId pool) => awaited.Remove(pool);

    /// <summary>Whether the market stands where the cut is: every pool in the state told, configured with its tokens, or retired.</summary>
    public bool IsThere => Next is { Number: > 0 } next && awaited.Count == 0 && view.Has(next.Pools);

    /// <summary>What is still waited for, in one line.</summary>
    public string Awaited =>
        $"cut {Next?.Number} of the tape waits for {awaited.Count} pools to stand where it says{(awaited.Count > 0 ? $", '{awaited.Order().First()}' among them" : " and for the configuration of others")}";

    /// <summary>Why the cut will never be reached, in one line: a pool is past it; null where none is known to be.</summary>
    public string? Fault
    {
        get
        {
            foreach (var pool in Next?.Pools ?? [])
            {
                if (awaited.Contains(pool.PoolId) && view.OrderOf(pool) == PositionOrder.Newer)
                    return $"pool '{pool.PoolId}' is past cut {Next!.Number} of the tape: a tape needs a journal of its own";
            }

            return null;
        }
    }

    private sealed class ById : IComparer<PoolPosition>
    {
        public static ById Instance { get; } = new();

        public int Compare(PoolPosition x, PoolPosition y) => x.PoolId.CompareTo(y.PoolId);
    }
}
