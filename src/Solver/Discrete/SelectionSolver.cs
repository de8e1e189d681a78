using System.Collections.Immutable;
using QTrade.Solver.Discrete;

namespace QTrade.Solver;

/// <summary>
/// Solves a routing problem with at most K pools and a cost per pool used, by branch and bound over the convex relaxation. The gap is that of the
/// largest leaf, also where the budget of nodes ends the search. A pure function of problem, limits, start and options.
/// </summary>
public static class SelectionSolver
{
    /// <param name="problem">The problem.</param>
    /// <param name="limits">How many pools may trade and what each costs.</param>
    /// <param name="start">Where the solve without limits begins.</param>
    /// <param name="options">Budgets and tolerances.</param>
    /// <param name="workspace">Arrays for the solve without limits, or null for new ones.</param>
    public static SelectionSolution Solve(
        RoutingProblem problem, SelectionLimits limits, SolverStart start, SolverOptions options, SolverWorkspace? workspace = null)
    {
        if (!(limits.CostPerPool >= 0 && double.IsFinite(limits.CostPerPool)) || limits.MaxPools < 0)
            return Refuse(RoutingSolver.Refuse(problem, "limits: the most pools and the cost per pool must be finite and not negative"));
        RoutingSolution unlimited = RoutingSolver.Solve(problem, start, options, workspace);
        if (unlimited.Status == SolverStatus.Invalid)
            return Refuse(unlimited);

        var search = new SelectionSearch(problem, limits, options);
        ImmutableArray<SearchLeaf> leaves = search.Run(unlimited);
        return new()
        {
            Solution = Answer(search, leaves, options, unlimited.Iterations),
            UnlimitedBound = unlimited.UpperBound,
            UnlimitedPrices = unlimited.Prices,
            Leaves = leaves,
            Nodes = search.Nodes,
        };
    }

    private static SelectionSolution Refuse(RoutingSolution refused) =>
        new() { Solution = refused, UnlimitedBound = 0, UnlimitedPrices = refused.Prices, Leaves = [], Nodes = 0 };

    private static RoutingSolution Answer(SelectionSearch search, ImmutableArray<SearchLeaf> leaves, SolverOptions options, int iterations)
    {
        SearchLeaf largest = leaves[0];
        foreach (SearchLeaf leaf in leaves)
            largest = leaf.Bound > largest.Bound ? leaf : largest;
        Incumbent best = search.Best;
        double difference = largest.Bound - best.Profit;
        double gap = difference / Math.Max(Math.Abs(largest.Bound), options.AbsoluteFloor);
        bool met = gap <= (best.IsPiecewise ? options.OptimalGapPiecewise : options.OptimalGap) || difference <= options.AbsoluteFloor;
        return new()
        {
            Status = largest.Bound <= options.AbsoluteFloor ? SolverStatus.NoArbitrage
                : met ? SolverStatus.Optimal
                : search.IsSpent ? SolverStatus.Budget
                : SolverStatus.Inaccurate,
            Profit = best.Profit,
            UpperBound = largest.Bound,
            Gap = gap,
            Prices = largest.Prices,
            NetFlow = best.NetFlow,
            Trades = best.Trades,
            Iterations = iterations + best.Iterations + search.Steps,
            Residual = best.Residual,
        };
    }
}
