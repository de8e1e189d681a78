using QTrade.Shared.MarketFamilies;
using QTrade.Solver.Pools;
using QTrade.Trading.Problems;

namespace QTrade.Solver.Tests.Newton;

/// <summary>The Newton method answers by itself where it can, and gives way to the interior point where it cannot.</summary>
public sealed class PriceNewtonSpecs
{
    [Theory]
    [InlineData("paper", 15)]
    [InlineData("scaling", 15)]
    [InlineData("hubprod", 15)]
    [InlineData("nearno", 15)]
    [InlineData("wide", 15)]
    public void It_certifies_markets_of_curves_without_linear_pieces_alone(string family, int mostSteps)
    {
        foreach ((int pools, int seed) in ((int, int)[])[(20, 1), (60, 2), (200, 3)])
        {
            var workspace = new SolverWorkspace();
            RoutingSolution solution = Solve(MarketProblem.Build(MarketFamily.Make(family, pools, seed)), SolverStart.Cold, workspace);
            AssertCertified(solution, $"{family} {pools} {seed}");
            Assert.Equal(0, workspace.Point.LegCount);
            Assert.InRange(solution.Iterations, 0, mostSteps);
        }
    }

    [Fact]
    public void What_tokens_of_no_worth_lack_in_a_market_of_a_hundred_thousand_pools_costs_no_others_their_trades()
    {
        var workspace = new SolverWorkspace();
        RoutingSolution solution = Solve(MarketProblem.Build(MarketFamily.Make("hubprod", 100_000, 1)), SolverStart.Cold, workspace);
        AssertCertified(solution, "hubprod 100,000");
        Assert.Equal(0, workspace.Point.LegCount);
    }

    [Fact]
    public void An_answer_from_earlier_prices_takes_a_step_or_two()
    {
        RoutingProblem problem = MarketProblem.Build(MarketFamily.Make("hubprod", 200, 4));
        RoutingSolution cold = Solve(problem, SolverStart.Cold, new());
        var pool = (ProductPool)problem.Pools[17];
        var moved = new ProductPool(pool.Tokens, [pool.Reserves[0] * 1.01, pool.Reserves[1] / 1.01], pool.Fee, pool.FeeOut, pool.MaxTender);
        var next = new RoutingProblem(problem.Values, problem.Holdings, problem.Pools.SetItem(17, moved));
        var workspace = new SolverWorkspace();
        RoutingSolution warm = Solve(next, SolverStart.FromPrices(cold.Prices), workspace);
        AssertCertified(warm, "warm");
        Assert.Equal(0, workspace.Point.LegCount);
        Assert.InRange(warm.Iterations, 0, 3);
        Assert.Equal(Solve(next, SolverStart.Cold, new()).Profit, warm.Profit, 1e-9 * warm.Profit);
    }

    [Theory]
    [InlineData("paper")]
    [InlineData("hubprod")]
    [InlineData("wide")]
    [InlineData("ticks")]
    public void Where_it_stalls_the_interior_point_goes_on_to_the_same_optimum(string family)
    {
        RoutingProblem problem = MarketProblem.Build(MarketFamily.Make(family, 60, 5));
        RoutingSolution answered = Solve(problem, SolverStart.Cold, new());
        var workspace = new SolverWorkspace();
        workspace.Newton.MostSteps = 0;
        RoutingSolution fallenBack = Solve(problem, SolverStart.Cold, workspace);
        Assert.True(workspace.Point.LegCount > 0);
        AssertCertified(fallenBack, family);
        Assert.Equal(answered.Profit, fallenBack.Profit, 1e-8 * Math.Max(answered.Profit, 1e-6));
    }

    [Fact]
    public void A_pool_with_linear_pieces_leaves_the_market_to_the_interior_point()
    {
        var problem = new RoutingProblem(
            [1, 1],
            [0, 0],
            [new ProductPool([0, 1], [100, 140], 0.003), new SumPool([0, 1], [50, 50], [1, 1], 0.001)]);
        var workspace = new SolverWorkspace();
        AssertCertified(Solve(problem, SolverStart.Cold, workspace), "sum");
        Assert.True(workspace.Point.LegCount > 0);
    }

    [Fact]
    public void A_trading_bound_binds_in_print()
    {
        var problem = new RoutingProblem(
            [1, 1],
            [0, 0],
            [new ProductPool([0, 1], [100, 140], 0.003, maxTender: [2, 2]), new ProductPool([0, 1], [140, 100], 0.003)]);
        var workspace = new SolverWorkspace();
        RoutingSolution solution = Solve(problem, SolverStart.Cold, workspace);
        AssertCertified(solution, "bound");
        Assert.Equal(0, workspace.Point.LegCount);
        Assert.Equal(2, solution.Trades[0].Tender[0]);
    }

    private static RoutingSolution Solve(RoutingProblem problem, SolverStart start, SolverWorkspace workspace) =>
        RoutingSolver.Solve(problem, start, SolverOptions.Default, workspace);

    private static void AssertCertified(RoutingSolution solution, string what)
    {
        Assert.True(solution.Status is SolverStatus.Optimal or SolverStatus.NoArbitrage, $"{what}: {solution.Status}, gap {solution.Gap:R}");
        Assert.True(solution.UpperBound - solution.Profit <= 1e-9 * Math.Max(1, solution.UpperBound), $"{what}: gap {solution.Gap:R}");
        Assert.True(solution.Residual <= 1e-12, $"{what}: short by {solution.Residual:R}");
    }
}
