using QTrade.Markets;
using QTrade.Shared.MarketFamilies;
using QTrade.Trading.Problems;
using QTrade.Verification;

namespace QTrade.Solver.Tests;

/// <summary>Markets of many tokens whose pools lie in other ways than on a chain with hubs: legal, and certified in the time that so many pools take.</summary>
public sealed class LargeMarketSpecs
{
    /// <summary>Random pairs: eliminating tokens joins all that are left. One pool of three tokens sends the whole market to the interior point.</summary>
    [Theory]
    [InlineData(10_000, false)]
    [InlineData(4_000, true)]
    public void Pools_between_random_tokens_are_certified(int tokens, bool hasThree)
    {
        var random = new Random(1);
        double[] values = [.. Enumerable.Range(0, tokens).Select(_ => 0.01 + random.NextDouble())];
        Pool[] pools = [.. Enumerable.Range(0, 3 * tokens).Select(i => Product(random, values, i, random.Next(tokens), 1 + random.Next(tokens - 1)))];
        if (hasThree)
        {
            pools[0] = pools[0] with
            {
                Tokens = [new("t0"), new("t1"), new("t2")],
                Curve = new WeightedCurve([1000 / values[0], 1010 / values[1], 1000 / values[2]], [1, 1, 1]),
            };
        }

        AssertCertified(values, pools);
    }

    /// <summary>A ring has one cycle, whose pools are all to trade or none; a hair's difference of its tokens' prices moves every other.</summary>
    [Fact]
    public void A_ring_of_pools_is_certified()
    {
        const int Tokens = 40_000;
        var random = new Random(2);
        double[] values = [.. Enumerable.Range(0, Tokens).Select(_ => 0.01 + random.NextDouble())];
        AssertCertified(values, [.. Enumerable.Range(0, Tokens).Select(j => Product(random, values, j, j, 1))]);
    }

    /// <summary>
    /// Where the steps allowed end far from an answer thousands of tokens are short of what the trade tenders: what brings it, and what has to go for want of it, is found in time all the same.
    /// </summary>
    [Fact]
    public void Many_short_tokens_do_not_hold_an_answer_up()
    {
        Market market = MarketFamily.Make("hostile", 30_000, 1);
        MarketResult result = MarketSolver.Solve(market, "", SolverStart.Cold, new SolverOptions { MaxIterations = 3 });
        Assert.Equal(ResultStatus.Budget, result.Status);
        VerificationReport report = ResultVerifier.Verify(market, result);
        Assert.True(report.Verified, report.Summary);
    }

    private static Pool Product(Random random, double[] values, int i, int from, int onward)
    {
        int to = (from + onward) % values.Length;
        double worth = 100 + (10_000 * random.NextDouble());
        return new()
        {
            Id = new($"p{i}"),
            Tokens = [new($"t{from}"), new($"t{to}")],
            Fee = 0.003,
            Curve = new ProductCurve([worth / values[from], worth / values[to] * (0.98 + (0.04 * random.NextDouble()))]),
        };
    }

    private static void AssertCertified(double[] values, Pool[] pools)
    {
        var market = new Market
        {
            Name = "large",
            Tokens = [.. values.Select((value, j) => new Token { Id = new($"t{j}"), Value = value })],
            Pools = [.. pools],
        };
        MarketResult result = MarketSolver.Solve(market, "", SolverStart.Cold);
        Assert.True(result.Status is ResultStatus.Optimal or ResultStatus.NoArbitrage, $"{result.Status}, gap {result.Gap}");
        VerificationReport report = ResultVerifier.Verify(market, result);
        Assert.True(report.Verified, report.Summary);
    }
}
