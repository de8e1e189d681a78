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
        {
            RoutingSolution solution = RoutingSolver.Solve(Market(spread, span, seed), SolverStart.Cold, SolverOptions.Default);
            Assert.True(solution.Status == SolverStatus.Optimal, $"seed {seed}: {solution.Status}, gap {solution.Gap}");
            Assert.True(solution.Iterations <= 40, $"seed {seed}: {solution.Iterations} iterations");
        }
    }

    /// <summary>One valued token in base units, the others around it over eight orders of price, every pool's price off by up to the spread.</summary>
    private static RoutingProblem Market(double spread, double span, int seed)
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
                [a, b], p, [p / span, p * 0.8, p * 1.25, p * span], [liquidity / 100, liquidity, liquidity / 100], fee: 0.003));
        }

        // A pool that does not answer to prices, so that the interior point solves the market.
        pools.Add(new SumPool([0, 1], [1e6, 1e6 * price[0] / price[1]], [price[0], price[1]], fee: 0.01));
        double[] value = new double[Tokens];
        value[0] = 1e-6;
        return new RoutingProblem([.. value], [.. new double[Tokens]], pools.MoveToImmutable());
    }
}
