using QTrade.Verification.Arithmetic;

namespace QTrade.Verification.TradingSets;

/// <summary>
/// The one-way trade of a two-token pool, as its arbitrage sees it: f = gamma Delta goes in at price <paramref name="PriceIn"/> =
/// nu_in / gamma, g(f) comes out worth <paramref name="ValueOut"/> = nu_out (1 - feeOut) each; f is at most <paramref name="Bound"/>.
/// </summary>
internal readonly record struct OneWay(int TokenIn, Real PriceIn, Real ValueOut, Real? Bound)
{
    public int TokenOut => 1 - TokenIn;

    /// <summary>The larger of both directions' best trades: with fees, trading both ways at once only loses.</summary>
    public static Real BestOf(TradingTerms terms, ReadOnlySpan<Real> prices, Func<OneWay, Real> best)
    {
        Real arbitrage = Real.Zero;
        for (int tokenIn = 0; tokenIn < 2; tokenIn++)
        {
            Real valueOut = prices[1 - tokenIn] * terms.OutFactor(1 - tokenIn);
            if (valueOut.Sign <= 0)
                continue;
            Real? bound = terms.MaxTender(tokenIn) is { } most ? most * terms.Gamma(tokenIn) : null;
            if (bound is { Sign: 0 })
                continue;
            arbitrage = Real.Max(arbitrage, best(new OneWay(tokenIn, prices[tokenIn] / terms.Gamma(tokenIn), valueOut, bound)));
        }
        return arbitrage;
    }

    /// <summary>The value of putting f in for an output.</summary>
    public Real Value(Real f, Real output) => ValueOut * output - PriceIn * f;

    public bool Exceeds(Real f) => Bound is { } bound && f > bound;
}
