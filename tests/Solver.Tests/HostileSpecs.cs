using QTrade.Markets;
using QTrade.Shared.MarketFamilies;
using QTrade.Trading.Problems;
using QTrade.Verification;

namespace QTrade.Solver.Tests;

/// <summary>Hostile but legal numbers: never an exception, never a NaN, never a trade or a bound that does not hold.</summary>
public sealed class HostileSpecs
{
    [Theory]
    [InlineData(2, 60)]
    [InlineData(8, 60)]
    [InlineData(30, 20)]
    public void Every_answer_is_honest(int pools, int seeds)
    {
        var workspace = new SolverWorkspace();
        for (int seed = 100; seed < 100 + seeds; seed++)
        {
            Market market = MarketFamily.Make("hostile", pools, seed);
            MarketResult result = MarketSolver.Solve(market, "", SolverStart.Cold, null, workspace);
            Assert.True(double.IsFinite(result.Profit) && double.IsFinite(result.UpperBound), $"seed {seed}: {result.Profit}, {result.UpperBound}");
            VerificationReport report = ResultVerifier.Verify(market, result);
            Assert.True(report.Verified, $"{pools} pools, seed {seed}: {report.Summary}");
        }
    }

    [Fact]
    public void Pools_that_are_the_same_twice_and_tokens_that_nobody_trades_do_no_harm()
    {
        Market market = MarketFamily.Make("hubprod", 20, 9);
        Market doubled = market with
        {
            Tokens = [.. market.Tokens, new Token { Id = new TokenId("lone"), Value = 3, Holding = 4 }],
            Pools = [.. market.Pools, .. market.Pools.Select(pool => pool with { Id = new PoolId(pool.Id.Value + "again") })],
        };
        MarketResult one = MarketSolver.Solve(market, "", SolverStart.Cold);
        MarketResult two = MarketSolver.Solve(doubled, "", SolverStart.Cold);
        Assert.Equal(ResultStatus.Optimal, two.Status);
        Assert.Equal(2 * one.Profit, two.Profit, 1e-8 * two.Profit);
    }
}
