using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Markets.Venues;

namespace QTrade.Messages.Pools;

/// <summary>The feed saw a pool's whole state at a position. Absolute, never a difference: any later one heals a lost one.</summary>
/// <param name="PoolId">The pool.</param>
/// <param name="Reserves">What trading changes, as <see cref="PoolCurve.State"/> lays it out for the pool's kind.</param>
/// <param name="At">Position of every account that the state was read from.</param>
public sealed record ObserveReserves(PoolId PoolId, ImmutableArray<double> Reserves, PositionVector At) : IPoolMessage
{
    /// <summary>The venue's integer state of the same accounts, which trades settle on; null for a pool known only as a curve.</summary>
    public VenueState? Venue { get; init; }

    public bool Equals(ObserveReserves? other) =>
        other is not null && PoolId == other.PoolId && At == other.At && StructuralEquality.Same(Reserves, other.Reserves)
        && Equals(Venue, other.Venue);

    public override int GetHashCode() => HashCode.Combine(PoolId, At);
}
