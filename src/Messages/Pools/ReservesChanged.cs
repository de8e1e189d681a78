using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Markets.Venues;

namespace QTrade.Messages.Pools;

/// <summary>A pool's state at a position: kept as the pool's event, then published to router and executors as it is.</summary>
/// <param name="PoolId">The pool.</param>
/// <param name="Sequence">Sequence number of this event in <c>pool/&lt;id&gt;</c>, from 1.</param>
/// <param name="Reserves">What trading changes, as <see cref="PoolCurve.State"/> lays it out for the pool's kind.</param>
/// <param name="At">Position of every account that the state was read from.</param>
public sealed record ReservesChanged(PoolId PoolId, long Sequence, ImmutableArray<double> Reserves, PositionVector At)
    : IPoolEvent, IMarketChange
{
    /// <summary>The venue's integer state of the same accounts, which trades settle on; null for a pool known only as a curve.</summary>
    public VenueState? Venue { get; init; }

    public bool Equals(ReservesChanged? other) =>
        other is not null && PoolId == other.PoolId && Sequence == other.Sequence && At == other.At
        && StructuralEquality.Same(Reserves, other.Reserves) && Equals(Venue, other.Venue);

    public override int GetHashCode() => HashCode.Combine(PoolId, Sequence, At);
}
