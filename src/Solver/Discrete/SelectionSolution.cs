using System.Collections.Immutable;

namespace QTrade.Solver;

/// <summary>The answer to a routing problem with <see cref="SelectionLimits"/>: the best trade found and leaves that bound every other choice of pools.</summary>
public sealed record SelectionSolution
{
    /// <summary>
    /// The trade. Its profit is less the cost of the pools used, its upper bound that of the largest leaf, its prices that leaf's.
    /// </summary>
    public required RoutingSolution Solution { get; init; }

    /// <summary>The dual without limits and costs, at <see cref="UnlimitedPrices"/>.</summary>
    public required double UnlimitedBound { get; init; }

    /// <summary>nu of the problem without limits.</summary>
    public required ImmutableArray<double> UnlimitedPrices { get; init; }

    /// <summary>A partition of all choices of pools.</summary>
    public required ImmutableArray<SearchLeaf> Leaves { get; init; }

    /// <summary>Nodes of the search that were bounded.</summary>
    public required int Nodes { get; init; }
}
