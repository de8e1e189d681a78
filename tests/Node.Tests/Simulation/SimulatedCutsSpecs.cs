using System.Collections.Immutable;
using QTrade.Node.Simulation;
using QTrade.Solver;
using QTrade.Trading.Problems;
using Xunit.Abstractions;

namespace QTrade.Node.Tests.Simulation;

/// <summary>Cuts of a real market that lives, trades and has pools withheld, as a node meets them, each solved from the decision before.</summary>
public sealed class SimulatedCutsSpecs(ITestOutputHelper output)
{
    private const int Cuts = 80;
    private const int SwapsPerCut = 60;
    private const int WithheldOneIn = 12;

    /// <summary>Steps above which the interior point must have been at work.</summary>
    private const int NewtonSteps = 30;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Each_is_certified_with_the_bits_of_a_new_workspace_and_next_to_all_by_Newton_steps(int seed)
    {
        var byInterior = Solve(seed);
        output.WriteLine($"seed {seed}: {byInterior} of {Cuts} by the interior point");
        Assert.InRange(byInterior, 0, Cuts / 20);
    }

    private static int Solve(int seed)
    {
        var chain = new SimulatedChain(SampleMarkets.Orca, new SimulatedChainOptions { Seed = (ulong)seed });
        var draws = new Random(seed);
        var used = new SolverWorkspace();
        ImmutableArray<double> prices = [];
        var byInterior = 0;
        for (var cut = 0; cut < Cuts; cut++)
        {
            int[] places = [.. Enumerable.Range(0, chain.PoolCount).Where(_ => draws.Next(WithheldOneIn) > 0)];
            var problem = MarketProblem.Build(SampleMarkets.Orca with { Pools = [.. places.Select(place => chain[place])] });
            var start = SolverStart.FromPrices(prices);
            var solution = RoutingSolver.Solve(problem, start, SolverOptions.Default, used);
            var fresh = RoutingSolver.Solve(problem, start, SolverOptions.Default);

            Assert.True(solution.Status is SolverStatus.Optimal or SolverStatus.NoArbitrage, $"seed {seed}, cut {cut}: {solution.Status}, gap {solution.Gap:E1}");
            Assert.Equal(
                (fresh.Profit, fresh.UpperBound, fresh.Iterations, fresh.Trades.Length), (solution.Profit, solution.UpperBound, solution.Iterations, solution.Trades.Length));
            Assert.Equal<double>(fresh.NetFlow.AsSpan(), solution.NetFlow.AsSpan());
            Assert.Equal<double>(fresh.Prices.AsSpan(), solution.Prices.AsSpan());
            byInterior += solution.Iterations > NewtonSteps ? 1 : 0;
            prices = solution.Prices;
            Live(chain, places, solution);
        }

        return byInterior;
    }

    private static void Live(SimulatedChain chain, int[] places, RoutingSolution solution)
    {
        foreach (var trade in solution.Trades)
        {
            var tokenIn = trade.Tender[0] > 0 ? 0 : 1;
            chain.TrySwap(places[trade.Pool], tokenIn, 1 - tokenIn, trade.Tender[tokenIn], 0, out _);
        }

        for (var swap = 0; swap < SwapsPerCut; swap++)
            chain.TryNoise(out _);
        chain.AdvanceSlot();
    }
}
