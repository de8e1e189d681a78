using System.Collections.Immutable;
using QTrade.Solver.Arithmetic;
using QTrade.Solver.Pools;

namespace QTrade.Solver.Tests;

/// <summary>
/// Concentrated pools over all prices there are: their bounds lie as far above what they trade as the range is wide, and the work must not depend on it.
/// </summary>
public sealed class WholeRangeSpecs
{
    private const int Tokens = 20;
    private const int Pools = 40;

    /// <summary>Prices so far off that many pools stop where their liquidity falls.</summary>
    [Theory]
    [InlineData(3, 1e2)]
    [InlineData(10, 1e2)]
    [InlineData(100, 1e8)]
    [InlineData(1e6, 1e19)]
    public void An_optimum_where_liquidity_falls_is_found(double fall, double span)
    {
        for (int seed = 1; seed <= 10; seed++)
            AssertSolved(Market(spread: 0.3, span, fall, seed), $"seed {seed}");
    }

    [Theory]
    [InlineData(0.02, 1e2)]
    [InlineData(0.02, 1e8)]
    [InlineData(0.02, 1e19)]
    [InlineData(0.1, 1e2)]
    [InlineData(0.1, 1e8)]
    [InlineData(0.1, 1e19)]
    public void The_width_of_the_range_costs_no_iterations(double spread, double span)
    {
        for (int seed = 1; seed <= 10; seed++)
            AssertSolved(Market(spread, span, fall: 100, seed), $"seed {seed}");
    }

    private static void AssertSolved(RoutingProblem problem, string which)
    {
        RoutingSolution solution = RoutingSolver.Solve(problem, SolverStart.Cold, SolverOptions.Default);
        Assert.True(solution.Status == SolverStatus.Optimal, $"{which}: {solution.Status}, gap {solution.Gap}");
        Assert.True(solution.Iterations <= 40, $"{which}: {solution.Iterations} iterations");
    }

    /// <summary>
    /// One valued token in base units, the others around it over eight orders of price, every pool's price off by up to the spread, its liquidity
    /// close to the price and a part of it out to the ends of the span.
    /// </summary>
    private static RoutingProblem Market(double spread, double span, double fall, int seed)
    {
        var random = new Random(seed);
        double[] price = new double[Tokens];
        for (int j = 0; j < Tokens; j++)
            price[j] = j == 0 ? 1e-6 : Elementary.Exp(-23 + 18 * random.NextDouble());
        ImmutableArray<RoutingPool>.Builder pools = ImmutableArray.CreateBuilder<RoutingPool>(Pools + 1);
        for (int i = 0; i < Pools; i++)
        {
            int a = i < Tokens - 1 ? i + 1 : 1 + random.Next(Tokens - 1);
            int b = i < Tokens - 1 ? 0 : (a + 1 + random.Next(Tokens - 1)) % Tokens;
            double p = price[a] / price[b] * (1 + spread * (2 * random.NextDouble() - 1));
            double liquidity = Elementary.Exp(5 + 7 * random.NextDouble()) / price[b] / Math.Sqrt(p);
            pools.Add(new ConcentratedPool(
                [a, b], p, [p / span, p * 0.8, p * 1.25, p * span], [liquidity / fall, liquidity, liquidity / fall], fee: 0.003));
        }

        // A pool that does not answer to prices, so that the interior point solves the market.
        pools.Add(new SumPool([0, 1], [1e6, 1e6 * price[0] / price[1]], [price[0], price[1]], fee: 0.01));
        double[] value = new double[Tokens];
        value[0] = 1e-6;
        return new RoutingProblem([.. value], [.. new double[Tokens]], pools.MoveToImmutable());
    }
}
