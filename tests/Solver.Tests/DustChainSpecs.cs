using QTrade.Markets;
using QTrade.Markets.Files;
using QTrade.Trading.Problems;
using QTrade.Verification;

namespace QTrade.Solver.Tests;

/// <summary>
/// A chain as real markets have it: a thousandth of a base unit of one token buys so many units of the next that these sell for dollars. What flows
/// through the first is worth less than any target of the central path, so that the iterate says nothing of its direction.
/// </summary>
public sealed class DustChainSpecs
{
    internal const string DustChain = """
        {"format":"qtrade.market/1","name":"dust-chain","units":"base",
         "tokens":[{"id":"USD","value":1e-06},{"id":"A","value":0},{"id":"B","value":0},{"id":"X","value":0}],
         "pools":[
          {"id":"B/USD","kind":"concentrated","tokens":["B","USD"],"fee":2.5e-05,"price":3.086419753086382e-11,
           "ticks":[3.0699041580939656e-11,3.1094495044022484e-11],"liquidity":[14871934]},
          {"id":"A/B 1","kind":"concentrated","tokens":["A","B"],"fee":2e-05,"price":9.18273645520532e-18,
           "ticks":[9.145786698442634e-18,9.17509862437568e-18,9.234004608414919e-18,9.263599269658588e-18],
           "liquidity":[18208761963,19442988304,18208761963]},
          {"id":"A/B 2","kind":"concentrated","tokens":["A","B"],"fee":4e-05,"price":9.182736344156734e-18,
           "ticks":[9.160430937227484e-18,9.17509862437568e-18,9.204504494004357e-18,9.219242751756354e-18],
           "liquidity":[72042618585,74214883842,72042618585]},
          {"id":"A/USD","kind":"concentrated","tokens":["A","USD"],"fee":2e-05,"price":1.0030634080969267e-08,
           "ticks":[1.0024045288152827e-08,1.0088401681029497e-08],"liquidity":[103709914083010]},
          {"id":"X 1","kind":"product","tokens":["USD","X"],"fee":0.003,"reserves":[1e12,1e12]},
          {"id":"X 2","kind":"product","tokens":["USD","X"],"fee":0.003,"reserves":[1.02e12,1e12]}]}
        """;

    [Fact]
    public void A_chain_whose_first_flow_is_worth_nothing_is_traded_and_certified()
    {
        Market market = Market();
        string hash = MarketHash.Of(Bytes);
        MarketResult result = MarketSolver.Solve(market, hash, SolverStart.Cold);

        VerificationReport report = ResultVerifier.Verify(market, hash, result);
        Assert.True(report.Verified, report.Summary);
        Assert.Equal(ResultStatus.Optimal, result.Status);
        Assert.Contains(result.Trades, trade => trade.Pool == new PoolId("A/USD"));
        Assert.Contains(result.Trades, trade => trade.Pool == new PoolId("B/USD"));
    }

    internal static Market Market()
    {
        Assert.True(MarketFile.TryRead(Bytes, "dust-chain", out Market? market, out MarketFileError? error), error?.ToString());
        return market!;
    }

    /// <summary>Its three pools with the first token dearer, and a pool that only the interior point takes.</summary>
    internal static Market ThreePoolsAndASum()
    {
        Market market = Market();
        Pool dear = market.Pools[3];
        return market with
        {
            Pools =
            [
                market.Pools[0],
                dear with { Curve = (ConcentratedCurve)dear.Curve with { Price = 1.002490918300208E-08 } },
                market.Pools[2],
                new() { Id = new("X sum"), Tokens = market.Pools[^1].Tokens, Fee = 0.001, Curve = new SumCurve([1e9, 1e9], [1, 1]) },
            ],
        };
    }

    private static byte[] Bytes => System.Text.Encoding.UTF8.GetBytes(DustChain);
}
