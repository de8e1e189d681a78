using QTrade.Markets;
using QTrade.Shared.MarketFamilies;
using QTrade.Trading.Problems;

namespace QTrade.Solver.Tests;

/// <summary>A cold start opens no gap between prices that the market itself does not have.</summary>
public sealed class ColdStartSpecs
{
    [Theory]
    [InlineData("bins", 100, 3)]
    [InlineData("bins", 60, 21)]
    [InlineData("hubmixed", 100, 3)]
    public void Few_valued_tokens_among_many_cost_no_iterations(string family, int pools, int seed)
    {
        Market market = MarketFamily.Make(family, pools, seed);
        Market few = market with { Tokens = [.. market.Tokens.Select((token, j) => j < 2 ? token : token with { Value = 0 })] };
        RoutingSolution solution = RoutingSolver.Solve(MarketProblem.Build(few), SolverStart.Cold, SolverOptions.Default);
        Assert.True(solution.Status == SolverStatus.Optimal, $"{solution.Status}, gap {solution.Gap}");
        Assert.True(solution.Iterations <= 50, $"{solution.Iterations} iterations");
    }
}
