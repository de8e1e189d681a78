using System.Collections.Immutable;
using QTrade.Markets;

namespace QTrade.Verification.TradingSets;

/// <summary>The trading set of a market's pool.</summary>
internal static class TradingSetOf
{
    /// <summary>The set T of the pool; null for a kind that this room cannot judge.</summary>
    public static TradingSet? Pool(Pool pool)
    {
        var terms = new TradingTerms(pool.Fee, pool.FeeOut, Span(pool.MaxTender), Span(pool.TokenFees), Span(pool.TokenFeesOut));
        return pool.Curve switch
        {
            ProductCurve curve => new ProductSet(terms, Span(curve.Reserves)),
            WeightedCurve curve => new WeightedSet(terms, Span(curve.Reserves), Span(curve.Weights)),
            SumCurve curve => new SumSet(terms, Span(curve.Reserves), Span(curve.Rates)),
            StableCurve curve => new StableSet(terms, Span(curve.Reserves), curve.Amplification, Span(curve.Rates)),
            ConcentratedCurve curve => new ConcentratedSet(terms, curve.Price, Span(curve.Ticks), Span(curve.Liquidity)),
            BinsCurve curve => new BinsSet(terms, [.. curve.Bins.Select(bin => new LinearBin(bin.Price, bin.X, bin.Y, bin.Fee))]),
            _ => null,
        };
    }

    private static ReadOnlySpan<double> Span(ImmutableArray<double> numbers) => numbers.IsDefault ? [] : numbers.AsSpan();
}
