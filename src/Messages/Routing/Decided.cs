using System.Collections.Immutable;
using QTrade.Markets;

namespace QTrade.Messages.Routing;

/// <summary>What was decided on a snapshot. The result names solver and version and carries its certificate.</summary>
/// <param name="SnapshotId">The snapshot.</param>
/// <param name="Result">The optimizer's answer.</param>
/// <param name="Routes">What is to be executed, together, in this order; empty: nothing.</param>
/// <param name="ExpirySlot">The routes are void once a newer slot than this was seen.</param>
/// <param name="At">When, by the node's clock.</param>
public sealed record Decided(
    SnapshotId SnapshotId, MarketResult Result, ImmutableArray<Route> Routes, ulong ExpirySlot, DateTimeOffset At) : IRouterEvent
{
    public bool Equals(Decided? other) =>
        other is not null && SnapshotId == other.SnapshotId && Result.Equals(other.Result)
        && StructuralEquality.Same(Routes, other.Routes) && ExpirySlot == other.ExpirySlot && At == other.At;

    public override int GetHashCode() => HashCode.Combine(SnapshotId, Result);
}
