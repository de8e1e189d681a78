using System.Collections.Immutable;
using QTrade.Markets;

namespace QTrade.Messages.Routing;

/// <summary>An optimizer's answer: the result with its certificate (prices, upper bound, gap), and the routes that carry it out.</summary>
/// <param name="SnapshotId">The snapshot.</param>
/// <param name="Result">The result.</param>
/// <param name="Routes">What of it can be executed at a profit after costs, in this order.</param>
/// <param name="Unrouted">Why routes are missing where the result promises a profit; <see cref="ReasonCode.None"/> otherwise.</param>
public sealed record SnapshotSolved(
    SnapshotId SnapshotId, MarketResult Result, ImmutableArray<Route> Routes, ReasonCode Unrouted) : IRouterCommand
{
    public bool Equals(SnapshotSolved? other) =>
        other is not null && SnapshotId == other.SnapshotId && Result.Equals(other.Result)
        && StructuralEquality.Same(Routes, other.Routes) && Unrouted == other.Unrouted;

    public override int GetHashCode() => HashCode.Combine(SnapshotId, Result);
}
