using System.Collections.Immutable;

namespace QTrade.Markets;

/// <summary>With limits: the search that proves the upper bound. Equal by value.</summary>
/// <param name="Nodes">Nodes of the search that were bounded.</param>
/// <param name="UnlimitedPrices">nu at which the bound without limits is the dual; empty where it is not given.</param>
/// <param name="Leaves">Parts that together cover every choice of pools; the largest bound among them is the upper bound.</param>
public sealed record MarketSearch(int Nodes, ImmutableArray<double> UnlimitedPrices, ImmutableArray<MarketSearchLeaf> Leaves)
{
    /// <inheritdoc/>
    public bool Equals(MarketSearch? other) =>
        other is not null
        && Nodes == other.Nodes
        && StructuralEquality.Same(UnlimitedPrices, other.UnlimitedPrices)
        && StructuralEquality.Same(Leaves, other.Leaves);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Nodes, Leaves.Length);
}
