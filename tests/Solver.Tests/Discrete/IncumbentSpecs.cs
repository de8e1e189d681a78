using QTrade.Shared.MarketFamilies;
using QTrade.Solver.Discrete;
using QTrade.Trading.Problems;

namespace QTrade.Solver.Tests.Discrete;

/// <summary>The best trade met by the search over pools.</summary>
public sealed class IncumbentSpecs
{
    /// <summary>Where many pools cost more than they earn, each left out improves the trade, and there are very many sets.</summary>
    [Fact]
    public void Leaving_pools_out_one_after_the_other_ends_with_the_responses_allowed()
    {
        (RoutingProblem problem, SelectionLimits limits, int[] all) = CostlyPools();

        var few = new Incumbent(problem, limits, new SolverOptions { MaxResponses = 5_000 });
        few.Offer(all);
        var more = new Incumbent(problem, limits, new SolverOptions { MaxResponses = 50_000 });
        more.Offer(all);

        // Sets of at most 100 pools, ten responses each, a few steps per set.
        Assert.InRange(few.Iterations, 1, 20 * 5_000 / 100);
        Assert.True(more.Iterations > 3 * few.Iterations, $"{few.Iterations} and {more.Iterations}: nothing ended it");
        Assert.True(more.Profit >= few.Profit && few.Profit > 0);
    }

    /// <summary>A search that met no better trade any more would never meet its bound either.</summary>
    [Fact]
    public void A_set_that_is_offered_late_is_tried_whatever_was_spent_on_those_before()
    {
        (RoutingProblem problem, SelectionLimits limits, int[] all) = CostlyPools();
        var patient = new Incumbent(problem, limits, new SolverOptions { MaxResponses = 200_000 });
        patient.Offer(all);
        int[] better = [.. patient.Trades.Select(trade => trade.Pool)];

        var spent = new Incumbent(problem, limits, new SolverOptions { MaxResponses = 3_000 });
        spent.Offer(all);
        Assert.True(spent.Profit < patient.Profit);
        spent.Offer(better);
        Assert.Equal(patient.Profit, spent.Profit, 1e-9 * patient.Profit);
    }

    /// <summary>A market, a cost per pool that many of its pools do not earn, and all of them.</summary>
    private static (RoutingProblem Problem, SelectionLimits Limits, int[] All) CostlyPools()
    {
        RoutingProblem problem = MarketProblem.Build(MarketFamily.Make("paper", 100, 2));
        double profit = RoutingSolver.Solve(problem, SolverStart.Cold, SolverOptions.Default).Profit;
        return (problem, new SelectionLimits(null, profit / 150), [.. Enumerable.Range(0, problem.Pools.Length)]);
    }
}
