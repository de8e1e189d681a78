using QTrade.Markets;
using QTrade.Solver;
using QTrade.Trading.Problems;
using Xunit.Abstractions;

namespace QTrade.Node.Tests.Simulation;

/// <summary>
/// A real market whose pools all move in turn, each solve from the prices of the one before. Its tokens of no worth become scarce and worthless again on the way, which leaves prices that no step
/// leads on from.
/// </summary>
public sealed class MovedMarketSpecs(ITestOutputHelper output)
{
    /// <summary>More than Newton steps from the earlier answer and from none take together, and less than the interior point.</summary>
    private const int MostSteps = 30;
    private const int SolvesBeyond = 1;
    private const int PoolStride = 37;

    [Theory]
    [InlineData(1.005)]
    [InlineData(0.998)]
    public void Next_to_every_answer_takes_few_Newton_steps(double factor)
    {
        Market market = SampleMarkets.Orca;
        Market moved = market;
        SolverStart start = SolverStart.Cold;
        int most = 0, beyond = 0;
        for (int move = 0; move < 2 * market.Pools.Length; move++)
        {
            int place = move * PoolStride % market.Pools.Length;
            Pool pool = market.Pools[place];
            double by = move < market.Pools.Length ? factor : 2 - factor;
            Pool to = pool with { Curve = pool.Curve.WithState([pool.Curve.State[0] * by]) };
            if (PoolRules.Check(to) is not null)
                continue;
            moved = moved with { Pools = moved.Pools.SetItem(place, to) };
            MarketResult result = MarketSolver.Solve(moved, "", start);
            Assert.True(result.Status == ResultStatus.Optimal, $"move {move}: {result.Status}, gap {result.Gap:E1}");
            start = SolverStart.FromPrices(result.Prices);
            most = Math.Max(most, result.Iterations);
            beyond += result.Iterations > MostSteps ? 1 : 0;
        }

        output.WriteLine($"at most {most} steps, {beyond} solves of more than {MostSteps}");
        Assert.InRange(beyond, 0, SolvesBeyond);
    }
}
