using System.Numerics;
using QTrade.Markets.Quotes;
using QTrade.Markets.Tests.Arithmetic;

namespace QTrade.Markets.Tests.Quotes;

/// <summary>No invariant falls: not by the trade as it is quoted, and not in the state that the pool keeps.</summary>
public sealed class InvariantSpecs
{
    private const int Seed = 23;

    // What the oracle's own 640 bits may be off by, relative to the invariant.
    private const int OracleBits = 400;

    [Theory]
    [InlineData("product", 3000)]
    [InlineData("weighted", 300)]
    [InlineData("sum", 3000)]
    [InlineData("stable", 60)]
    public void Reserve_pools_keep_their_invariant_at_every_trade(string kind, int count)
    {
        Random random = new(Seed);
        var trades = 0;
        for (var i = 0; i < count; i++)
        {
            var pool = RandomPools.Of(kind, random);
            for (var step = 0; step < 3; step++)
            {
                var tokenIn = random.Next(pool.Tokens.Length);
                var tokenOut = (tokenIn + 1) % pool.Tokens.Length;
                var amount = pool.Curve.State[tokenIn] * RandomPools.LogUniform(random, 1e-12, 10);
                if (PoolQuotes.ExactIn(pool, tokenIn, tokenOut, amount, AmountGrid.Doubles, AmountGrid.Doubles, out var quote) != QuoteError.None)
                    continue;
                var label = $"{kind}, seed {Seed}, case {i}, step {step}";
                Assert.True(NotBelow(pool.Curve, Traded(pool, quote, tokenIn, tokenOut), Reserves(pool.Curve)), $"{label}: the quoted trade");
                Assert.True(NotBelow(pool.Curve, Reserves(quote.After), Reserves(pool.Curve)), $"{label}: the state it leaves");
                pool = pool with { Curve = quote.After };
                trades++;
            }
        }

        Assert.True(trades > count, $"only {trades} trades");
    }

    private static BigInteger[] Reserves(PoolCurve curve) => [.. curve.State.Select(HighPrecision.From)];

    /// <summary>R + gamma Delta - Lambda / (1 - feeOut).</summary>
    private static BigInteger[] Traded(Pool pool, Quote quote, int tokenIn, int tokenOut)
    {
        var reserves = Reserves(pool.Curve);
        reserves[tokenIn] += HighPrecision.Times(HighPrecision.From(quote.TenderIn), CurveOracle.GammaOf(pool, tokenIn));
        reserves[tokenOut] -= HighPrecision.Over(HighPrecision.From(quote.ReceiveOut), CurveOracle.GammaOutOf(pool, tokenOut));
        return reserves;
    }

    private static bool NotBelow(PoolCurve curve, BigInteger[] after, BigInteger[] before)
    {
        var (left, right) = curve switch
        {
            ProductCurve => (after[0] * after[1], before[0] * before[1]),
            SumCurve sum => (Dot(sum.Rates, after), Dot(sum.Rates, before)),
            WeightedCurve weighted => (Logs(weighted, after), Logs(weighted, before)),
            StableCurve stable => (Excess(stable, before, after), BigInteger.Zero),
            _ => throw new ArgumentOutOfRangeException(nameof(curve)),
        };
        var rounding = (BigInteger.Abs(right) + HighPrecision.One) >> OracleBits;
        return left >= right - rounding;
    }

    private static BigInteger Dot(IEnumerable<double> rates, BigInteger[] reserves) =>
        rates.Zip(reserves, (rate, reserve) => HighPrecision.From(rate) * reserve).Aggregate(BigInteger.Add);

    private static BigInteger Logs(WeightedCurve curve, BigInteger[] reserves) =>
        curve.Weights.Zip(reserves, (weight, reserve) => HighPrecision.Times(HighPrecision.From(weight), HighPrecision.Log(reserve)))
            .Aggregate(BigInteger.Add);

    /// <summary>4A (x + y) + D - 4AD - D^3 / (4xy) after the trade at the D from before it, in units of D.</summary>
    private static BigInteger Excess(StableCurve curve, BigInteger[] before, BigInteger[] after)
    {
        var fourA = 4 * HighPrecision.From(curve.Amplification);
        var (x, y) = Scaled(curve, before);
        BigInteger low = 0, high = x + y;
        while (high - low > 1)
        {
            var d = (low + high) >> 1;
            (low, high) = Curve(fourA, x, y, d) >= 0 ? (d, high) : (low, d);
        }

        var (xAfter, yAfter) = Scaled(curve, after);
        return HighPrecision.Over(Curve(fourA, xAfter, yAfter, low), low);
    }

    private static BigInteger Curve(BigInteger fourA, BigInteger x, BigInteger y, BigInteger d) =>
        HighPrecision.Times(fourA, x + y) + d - HighPrecision.Times(fourA, d) - d * d / (4 * x) * d / y;

    private static (BigInteger X, BigInteger Y) Scaled(StableCurve curve, BigInteger[] reserves) =>
        (HighPrecision.Times(reserves[0], HighPrecision.From(curve.Rates[0])), HighPrecision.Times(reserves[1], HighPrecision.From(curve.Rates[1])));
}
