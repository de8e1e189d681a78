using QTrade.Markets;
using QTrade.Markets.Quotes;
using QTrade.Shared.MarketFamilies;
using QTrade.Verification.Arithmetic;
using QTrade.Verification.TradingSets;

namespace QTrade.Verification.Tests.TradingSets;

/// <summary>Two rooms that share no arithmetic agree on what a tender buys: the exact quote is feasible, a little more is not.</summary>
public sealed class ExactQuoteSpecs
{
    private const int Seed = 4242;

    [Theory]
    [InlineData("hubmixed")]
    [InlineData("hubmulti")]
    [InlineData("outfees")]
    [InlineData("tokenfees")]
    [InlineData("binfees")]
    [InlineData("ticks")]
    [InlineData("stable")]
    public void The_exact_quote_is_the_most_that_the_trading_set_allows(string family)
    {
        Random random = Seeded.Random(Seed);
        Market market = MarketFamily.Make(family, 40, Seed);
        int quoted = 0;
        foreach (Pool pool in market.Pools)
        {
            TradingSet set = TradingSetOf.Pool(pool)!;
            int tokens = pool.Tokens.Length, tokenIn = random.Next(tokens), tokenOut = (tokenIn + 1 + random.Next(tokens - 1)) % tokens;
            double amount = Worth(pool, tokenIn) * random.NextDouble() * random.NextDouble();
            if (PoolQuotes.ExactIn(pool, tokenIn, tokenOut, amount, AmountGrid.Doubles, AmountGrid.Doubles, out Quote quote) != QuoteError.None
                || quote.ReceiveOut < 1e-3)
                continue;
            quoted++;
            double[] tender = new double[tokens], receive = new double[tokens];
            (tender[tokenIn], receive[tokenOut]) = (quote.TenderIn, quote.ReceiveOut);
            string at = $"seed {Seed}, {market.Name}, {pool.Id} ({pool.Curve.Kind}): {quote.TenderIn:R} for {quote.ReceiveOut:R}";
            Assert.True(set.Overdrawn(tender, receive) < 0, at);
            Assert.True(set.Fall(tender, receive) <= Real.Zero, at);
            receive[tokenOut] *= 1 + 1e-12;
            Assert.True(set.Fall(tender, receive) > Real.Zero, at);
        }
        Assert.True(quoted > 20, $"{family}: only {quoted} quotes");
    }

    /// <summary>About a tenth of what the pool trades in, in the token's unit.</summary>
    private static double Worth(Pool pool, int tokenIn) => pool.Curve switch
    {
        ConcentratedCurve curve => 0.1 * curve.Liquidity.Max() * (tokenIn == 0 ? 1 / Math.Sqrt(curve.Price) : Math.Sqrt(curve.Price)),
        BinsCurve curve => 0.3 * curve.Bins.Sum(bin => tokenIn == 0 ? bin.X : bin.Y),
        _ => 0.1 * pool.Curve.State[tokenIn],
    };
}
