using System.Collections.Immutable;
using System.Numerics;
using QTrade.Markets.Tests.Arithmetic;

namespace QTrade.Markets.Tests.Quotes;

/// <summary>The most that each curve gives for a tender, straight from MARKET-FORMAT's formulas in numbers of 640 bits.</summary>
internal static class CurveOracle
{
    private static BigInteger One => HighPrecision.One;

    /// <summary>Largest Lambda for a Delta, or null where the pool cannot take that much.</summary>
    public static BigInteger? MostOut(Pool pool, int tokenIn, int tokenOut, double tender)
    {
        var delta = HighPrecision.From(tender);
        var gross = pool.Curve is BinsCurve bins
            ? OfBins(pool, bins, tokenIn, HighPrecision.Times(delta, Kept(pool.TokenFees, tokenIn)))
            : OfOther(pool, tokenIn, tokenOut, HighPrecision.Times(delta, GammaOf(pool, tokenIn)));
        return gross is { } most ? HighPrecision.Times(most, GammaOutOf(pool, tokenOut)) : null;
    }

    /// <summary>(1 - fee) (1 - tokenFees[k]).</summary>
    public static BigInteger GammaOf(Pool pool, int token) => HighPrecision.Times(One - HighPrecision.From(pool.Fee), Kept(pool.TokenFees, token));

    /// <summary>(1 - feeOut) (1 - tokenFeesOut[k]).</summary>
    public static BigInteger GammaOutOf(Pool pool, int token) => HighPrecision.Times(One - HighPrecision.From(pool.FeeOut), Kept(pool.TokenFeesOut, token));

    private static BigInteger Kept(ImmutableArray<double> fees, int token) => fees.IsEmpty ? One : One - HighPrecision.From(fees[token]);

    private static BigInteger? OfOther(Pool pool, int tokenIn, int tokenOut, BigInteger g) => pool.Curve switch
    {
        ProductCurve curve => OfProduct(curve.Reserves[tokenIn], curve.Reserves[tokenOut], g),
        WeightedCurve curve => OfWeighted(curve, tokenIn, tokenOut, g),
        SumCurve curve => OfSum(curve, tokenIn, tokenOut, g),
        StableCurve curve => OfStable(curve, tokenIn, tokenOut, g),
        ConcentratedCurve curve => OfConcentrated(curve, tokenIn == 0, g),
        _ => throw new ArgumentOutOfRangeException(nameof(pool)),
    };

    private static BigInteger? OfProduct(double reserveIn, double reserveOut, BigInteger g)
    {
        var (x, y) = (HighPrecision.From(reserveIn), HighPrecision.From(reserveOut));
        return x.IsZero || y.IsZero ? null : y * g / (x + g);
    }

    private static BigInteger? OfWeighted(WeightedCurve curve, int tokenIn, int tokenOut, BigInteger g)
    {
        var (x, y) = (HighPrecision.From(curve.Reserves[tokenIn]), HighPrecision.From(curve.Reserves[tokenOut]));
        if (curve.Reserves.Contains(0))
            return null;
        var t = HighPrecision.Log(HighPrecision.Over(x + g, x)) * HighPrecision.From(curve.Weights[tokenIn]) / HighPrecision.From(curve.Weights[tokenOut]);
        return y - HighPrecision.Times(y, HighPrecision.Exp(-t));
    }

    private static BigInteger? OfSum(SumCurve curve, int tokenIn, int tokenOut, BigInteger g)
    {
        var gross = g * HighPrecision.From(curve.Rates[tokenIn]) / HighPrecision.From(curve.Rates[tokenOut]);
        return gross > HighPrecision.From(curve.Reserves[tokenOut]) ? null : gross;
    }

    private static BigInteger? OfStable(StableCurve curve, int tokenIn, int tokenOut, BigInteger g)
    {
        var (rateIn, rateOut) = (HighPrecision.From(curve.Rates[tokenIn]), HighPrecision.From(curve.Rates[tokenOut]));
        var x = HighPrecision.Times(HighPrecision.From(curve.Reserves[tokenIn]), rateIn);
        var y = HighPrecision.Times(HighPrecision.From(curve.Reserves[tokenOut]), rateOut);
        if (x.IsZero || y.IsZero)
            return null;
        var fourA = 4 * HighPrecision.From(curve.Amplification);
        var d = Bisect(BigInteger.Zero, x + y, at => Excess(x, y, at, fourA) <= 0);
        var grown = x + HighPrecision.Times(g, rateIn);
        var rest = Bisect(BigInteger.Zero, y, at => Excess(grown, at, d, fourA) > 0);
        return HighPrecision.Over(y - rest, rateOut);
    }

    /// <summary>D (4A - 1) + D^3 / (4xy) - 4A (x + y): above 0 where D is too large for x and y.</summary>
    private static BigInteger Excess(BigInteger x, BigInteger y, BigInteger d, BigInteger fourA)
    {
        if (x.IsZero || y.IsZero)
            return One << 4 * HighPrecision.Bits;
        return HighPrecision.Times(d, fourA - One) + d * d / (4 * x) * d / y - HighPrecision.Times(fourA, x + y);
    }

    /// <summary>The largest number between bounds that is still low.</summary>
    private static BigInteger Bisect(BigInteger low, BigInteger high, Func<BigInteger, bool> isLow)
    {
        while (high - low > 1)
        {
            var middle = (low + high) >> 1;
            if (isLow(middle))
                low = middle;
            else
                high = middle;
        }

        return low;
    }

    private static BigInteger? OfConcentrated(ConcentratedCurve curve, bool selling, BigInteger g)
    {
        var intervals = Enumerable.Range(0, curve.Liquidity.Length);
        var gross = BigInteger.Zero;
        foreach (var i in selling ? intervals.Reverse() : intervals)
        {
            var (low, high) = (curve.Ticks[i], curve.Ticks[i + 1]);
            if (selling ? curve.Price <= low : curve.Price >= high)
                continue;
            var liquidity = HighPrecision.From(curve.Liquidity[i]);
            if (liquidity.IsZero)
                continue;
            var s = HighPrecision.Sqrt(HighPrecision.From(Math.Clamp(curve.Price, low, high)));
            var end = HighPrecision.Sqrt(HighPrecision.From(selling ? low : high));
            var all = selling ? liquidity * One / end - liquidity * One / s : HighPrecision.Times(liquidity, end - s);
            var used = BigInteger.Min(all, g);
            var reached = selling ? liquidity * s / (liquidity + HighPrecision.Times(used, s)) : s + HighPrecision.Over(used, liquidity);
            gross += selling ? HighPrecision.Times(liquidity, s - reached) : liquidity * One / s - liquidity * One / reached;
            g -= used;
        }

        // What is left may be the rounding of these numbers.
        return g > 1 << 20 ? null : gross;
    }

    private static BigInteger? OfBins(Pool pool, BinsCurve curve, int tokenIn, BigInteger delta)
    {
        var selling = tokenIn == 0;
        var gross = BigInteger.Zero;
        foreach (var bin in curve.Bins.OrderByDescending(bin => (selling ? bin.Price : 1 / bin.Price) * (1 - (bin.Fee ?? pool.Fee))))
        {
            var gamma = One - HighPrecision.From(bin.Fee ?? pool.Fee);
            var price = HighPrecision.From(bin.Price);
            var available = HighPrecision.From(selling ? bin.Y : bin.X);
            var all = HighPrecision.Over(selling ? HighPrecision.Over(available, price) : HighPrecision.Times(available, price), gamma);
            var used = BigInteger.Min(all, delta);
            var g = HighPrecision.Times(used, gamma);
            gross += selling ? HighPrecision.Times(g, price) : HighPrecision.Over(g, price);
            delta -= used;
        }

        return delta > 1 << 20 ? null : gross;
    }
}
