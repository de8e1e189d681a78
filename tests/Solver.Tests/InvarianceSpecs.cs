using QTrade.Markets;
using QTrade.Shared.MarketFamilies;
using QTrade.Trading.Problems;

namespace QTrade.Solver.Tests;

/// <summary>What must not change the answer does not change it by more than its gap.</summary>
public sealed class InvarianceSpecs
{
    public static TheoryData<string> Families => new(MarketFamily.Names.ToArray());

    [Theory]
    [MemberData(nameof(Families))]
    public void Permuting_tokens_and_pools_changes_nothing(string family)
    {
        Market market = MarketFamily.Make(family, 60, 5);
        var random = new Random(5);
        Market permuted = market with
        {
            Tokens = [.. market.Tokens.OrderBy(_ => random.Next())],
            Pools = [.. market.Pools.OrderBy(_ => random.Next())],
        };
        AssertSameOptimum(market, permuted, 1);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Counting_tokens_in_other_units_changes_nothing(string family)
    {
        Market market = MarketFamily.Make(family, 40, 5);
        AssertSameOptimum(market, TokenUnits.Rescale(market, j => j % 3 == 0 ? 1e6 : j % 3 == 1 ? 1e-9 : 1), 1);
    }

    [Theory]
    [InlineData("paper")]
    [InlineData("hubprod")]
    [InlineData("wide")]
    public void Scaling_reserves_scales_flows(string family)
    {
        const double Factor = 1024;
        Market market = MarketFamily.Make(family, 60, 6);
        Market scaled = market with { Pools = [.. market.Pools.Select(pool => pool with { Curve = pool.Curve.WithState([.. pool.Curve.State.Select(r => r * Factor)]) })] };
        AssertSameOptimum(market, scaled, Factor);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_start_from_earlier_prices_is_certified_like_a_cold_one(string family)
    {
        Market market = MarketFamily.Make(family, 60, 7);
        RoutingProblem problem = MarketProblem.Build(market);
        RoutingSolution cold = Solve(problem, SolverStart.Cold);
        RoutingSolution warm = Solve(problem, SolverStart.FromPrices(cold.Prices));
        AssertCertified(warm);
        Assert.Equal(cold.Profit, warm.Profit, Slack(cold));
    }

    [Fact]
    public void Useless_starting_prices_do_no_harm()
    {
        RoutingProblem problem = MarketProblem.Build(MarketFamily.Make("hubprod", 60, 8));
        double profit = Solve(problem, SolverStart.Cold).Profit;
        foreach (double price in (double[])[0, double.NaN, double.PositiveInfinity, -1, 1e-30, 1e30])
        {
            RoutingSolution solution = Solve(problem, SolverStart.FromPrices([.. Enumerable.Repeat(price, problem.TokenCount)]));
            AssertCertified(solution);
            Assert.Equal(profit, solution.Profit, profit * 1e-8);
        }

        AssertCertified(Solve(problem, SolverStart.FromPrices([1, 2, 3])));
    }

    private static void AssertSameOptimum(Market market, Market other, double factor)
    {
        RoutingSolution one = Solve(MarketProblem.Build(market), SolverStart.Cold);
        RoutingSolution two = Solve(MarketProblem.Build(other), SolverStart.Cold);
        AssertCertified(one);
        AssertCertified(two);
        Assert.Equal(one.Profit * factor, two.Profit, Slack(one) * factor);
    }

    private static double Slack(RoutingSolution solution) => Math.Max(2e-8 * solution.UpperBound, 2e-9);

    private static void AssertCertified(RoutingSolution solution) =>
        Assert.True(solution.Status is SolverStatus.Optimal or SolverStatus.NoArbitrage, $"{solution.Status}, gap {solution.Gap}");

    private static RoutingSolution Solve(RoutingProblem problem, SolverStart start) => RoutingSolver.Solve(problem, start, SolverOptions.Default);
}
