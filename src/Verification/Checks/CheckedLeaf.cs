using System.Collections.Immutable;

namespace QTrade.Verification.Checks;

/// <summary>A leaf whose pools and prices the arithmetic can judge.</summary>
/// <param name="Place">Its place in the search's list.</param>
/// <param name="ForcedIn">Indices of the pools that count as used.</param>
/// <param name="ForcedOut">Indices of the pools that are not used.</param>
/// <param name="Prices">nu.</param>
/// <param name="Bound">The printed bound.</param>
internal sealed record CheckedLeaf(
    int Place, ImmutableArray<int> ForcedIn, ImmutableArray<int> ForcedOut, ImmutableArray<double> Prices, double Bound);
