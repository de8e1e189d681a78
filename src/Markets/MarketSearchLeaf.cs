using System.Collections.Immutable;

namespace QTrade.Markets;

/// <summary>
/// A part of all choices of pools, those that use every pool forced in and none forced out, with prices that bound it. Equal by value.
/// </summary>
/// <param name="ForcedIn">Pools that count as used.</param>
/// <param name="ForcedOut">Pools that are not used.</param>
/// <param name="Prices">nu, one per token in the market's order.</param>
/// <param name="Bound">
/// Sum over forced in of (arb - cost), plus the (maxPools - forced in) largest positive (arb - cost) of the free pools, plus (nu - c).h.
/// </param>
public sealed record MarketSearchLeaf(
    ImmutableArray<PoolId> ForcedIn, ImmutableArray<PoolId> ForcedOut, ImmutableArray<double> Prices, double Bound)
{
    /// <inheritdoc/>
    public bool Equals(MarketSearchLeaf? other) =>
        other is not null
        && StructuralEquality.Same(ForcedIn, other.ForcedIn)
        && StructuralEquality.Same(ForcedOut, other.ForcedOut)
        && StructuralEquality.Same(Prices, other.Prices)
        && Bound.Equals(other.Bound);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(ForcedIn.Length, ForcedOut.Length, Bound);
}
