using System.Collections.Immutable;

namespace QTrade.Solver;

/// <summary>
/// A part of all choices of pools with prices that bound its best: those that use every pool of <paramref name="ForcedIn"/> and none of
/// <paramref name="ForcedOut"/>.
/// </summary>
/// <param name="ForcedIn">Pools that count as used, in the problem's order.</param>
/// <param name="ForcedOut">Pools that are not used, in the problem's order.</param>
/// <param name="Prices">nu >= c, one per token.</param>
/// <param name="Bound">The leaf's bound at these prices, rounded up.</param>
public sealed record SearchLeaf(ImmutableArray<int> ForcedIn, ImmutableArray<int> ForcedOut, ImmutableArray<double> Prices, double Bound);
