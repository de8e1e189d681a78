using System.Collections.Immutable;
using QTrade.Solver.Pools;

namespace QTrade.Solver.Tests;

/// <summary>Problems whose optimum is known on paper.</summary>
public sealed class ClosedFormSpecs
{
    private const double Tolerance = 1e-9;

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.003)]
    [InlineData(0.05)]
    public void Two_product_pools_trade_to_the_known_optimum(double fee)
    {
        // Buy token 0 in the pool where it is cheap, sell it where it is dear; token 1 is the profit. With gamma = 1 - fee the composition of the two
        // curves is itself one hyperbola, d -> A d / (B + C d), best at d = (sqrt(A B) - B) / C.
        double x1 = 1000, y1 = 1000, x2 = 500, y2 = 800, gamma = 1 - fee;
        double a = gamma * gamma * x1 * y2, b = x2 * y1, c = gamma * (x2 + (gamma * x1));
        double delta = (Math.Sqrt(a * b) - b) / c;
        double profit = (a * delta / (b + (c * delta))) - delta;

        RoutingSolution solution = Solve([0, 1], [0, 0], new ProductPool([0, 1], [x1, y1], fee), new ProductPool([0, 1], [x2, y2], fee));

        Assert.Equal(SolverStatus.Optimal, solution.Status);
        Assert.Equal(profit, solution.Profit, profit * Tolerance);
        Assert.Equal(delta, solution.Trades[0].Tender[1], delta * 1e-4);
    }

    [Fact]
    public void Prices_within_the_fee_are_certified_to_hold_no_arbitrage()
    {
        RoutingSolution solution = Solve([1, 1], [0, 0], new ProductPool([0, 1], [1000, 1000], 0.003), new ProductPool([0, 1], [1000, 1004], 0.003));
        Assert.Equal(SolverStatus.NoArbitrage, solution.Status);
        Assert.Empty(solution.Trades);
        Assert.True(solution.UpperBound <= 1e-9);
    }

    [Fact]
    public void A_holding_is_sold_along_the_curve()
    {
        // Token 0 has no value: all of it goes, 10 of it fetch Y gamma 10 / (X + gamma 10).
        RoutingSolution solution = Solve([0, 2], [10, 0], new ProductPool([0, 1], [100, 50], 0.01));
        double expected = 2 * 50 * 9.9 / 109.9;
        Assert.Equal(SolverStatus.Optimal, solution.Status);
        Assert.Equal(expected, solution.Profit, expected * Tolerance);
    }

    [Fact]
    public void A_fee_on_what_comes_out_takes_its_part()
    {
        RoutingSolution plain = Solve([0, 2], [10, 0], new ProductPool([0, 1], [100, 50], 0));
        RoutingSolution charged = Solve([0, 2], [10, 0], new ProductPool([0, 1], [100, 50], 0, feeOut: 0.25));
        Assert.Equal(plain.Profit * 0.75, charged.Profit, plain.Profit * Tolerance);
    }

    [Fact]
    public void A_trading_bound_binds_exactly()
    {
        RoutingSolution solution = Solve([0, 2], [10, 0], new ProductPool([0, 1], [100, 50], 0, maxTender: [3, double.PositiveInfinity]));
        double expected = 2 * 50 * 3.0 / 103;
        Assert.Equal(expected, solution.Profit, expected * Tolerance);
        Assert.True(solution.Trades[0].Tender[0] <= 3);
        Assert.True(solution.UpperBound >= expected * (1 - 1e-15));
    }

    [Fact]
    public void A_bound_of_zero_closes_a_direction()
    {
        RoutingSolution solution = Solve([0, 2], [10, 0], new ProductPool([0, 1], [100, 50], 0, maxTender: [0, 5]));
        Assert.Empty(solution.Trades);
        Assert.Equal(SolverStatus.NoArbitrage, solution.Status);
    }

    [Fact]
    public void A_bound_is_on_the_sum_over_all_bins()
    {
        // Price 2 first (bin 1), then price 1: a bound of 6 takes 5 at price 2 less the bin's own fee and 1 at price 1.
        ImmutableArray<PriceBin> bins = [new(1, 0, 100, 0), new(2, 0, 9, 0.1)];
        RoutingSolution solution = Solve([0, 1], [50, 0], new BinsPool([0, 1], bins, 0, maxTender: [6, 6]));
        double expected = 9 + 1;
        Assert.Equal(expected, solution.Profit, expected * Tolerance);
        Assert.Equal(6, solution.Trades[0].Tender[0], 1e-9);
    }

    [Fact]
    public void A_constant_sum_pool_is_emptied_when_its_price_is_off()
    {
        RoutingSolution solution = Solve([1, 1.1], [0, 0], new SumPool([0, 1], [10, 10], [1, 1], 0.001));
        Assert.Equal(0, solution.Profit, 1e-12);

        solution = Solve([1, 1.1], [20, 0], new SumPool([0, 1], [10, 10], [1, 1], 0.001));
        double expected = (1.1 * 10) - (10 / 0.999);
        Assert.Equal(SolverStatus.Optimal, solution.Status);
        Assert.Equal(expected, solution.Profit, expected * 1e-8);
    }

    [Fact]
    public void Nothing_to_trade_is_no_arbitrage()
    {
        Assert.Equal(SolverStatus.NoArbitrage, Solve([], []).Status);
        Assert.Equal(SolverStatus.NoArbitrage, Solve([1, 2], [3, 0]).Status);
        Assert.Equal(SolverStatus.NoArbitrage, Solve([0, 0], [5, 5], new ProductPool([0, 1], [1, 9], 0)).Status);
        Assert.Equal(SolverStatus.NoArbitrage, Solve([1, 1], [5, 5], new ProductPool([0, 1], [0, 9], 0)).Status);
    }

    [Fact]
    public void What_cannot_be_a_problem_is_refused_with_its_place()
    {
        RoutingSolution solution = Solve([1, 1], [0, 0], new ProductPool([0, 1], [1, 1], 0), new ProductPool([0, 2], [1, 1], 0));
        Assert.Equal(SolverStatus.Invalid, solution.Status);
        Assert.Equal("pool 1: token 2 does not exist", solution.Reason);
        Assert.Equal(SolverStatus.Invalid, Solve([double.NaN], [0]).Status);
        Assert.Equal(SolverStatus.Invalid, Solve([1, 1], [0, 0], new ProductPool([0, 1], [1, 1], 1)).Status);
        Assert.Equal(SolverStatus.Invalid, Solve([1, 1], [0, 0], new ConcentratedPool([0, 1], 1, [2, 1], [5], 0)).Status);
    }

    [Fact]
    public void A_spent_budget_still_gives_a_bound_and_a_feasible_trade()
    {
        var problem = new RoutingProblem([0, 1], [0, 0], [new ProductPool([0, 1], [1000, 1000], 0), new SumPool([0, 1], [500, 800], [1.5, 1], 0)]);
        RoutingSolution solution = RoutingSolver.Solve(problem, SolverStart.Cold, new SolverOptions { MaxIterations = 2 });
        Assert.Equal(SolverStatus.Budget, solution.Status);
        Assert.Equal(2, solution.Iterations);
        double best = RoutingSolver.Solve(problem, SolverStart.Cold, SolverOptions.Default).Profit;
        Assert.True(solution.UpperBound >= best && best > 1);
        Assert.True(solution.Profit >= 0 && solution.Profit <= best && solution.Residual == 0);
    }

    internal static RoutingSolution Solve(ImmutableArray<double> values, ImmutableArray<double> holdings, params ImmutableArray<RoutingPool> pools) =>
        RoutingSolver.Solve(new RoutingProblem(values, holdings, pools), SolverStart.Cold, SolverOptions.Default);
}
