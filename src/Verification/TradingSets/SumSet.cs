using QTrade.Verification.Arithmetic;

namespace QTrade.Verification.TradingSets;

/// <summary>Constant sum: rates . R with R >= 0. Output of f: f rate_in / rate_out, up to the reserve.</summary>
internal sealed class SumSet(TradingTerms terms, ReadOnlySpan<double> reserves, ReadOnlySpan<double> rates) : ReserveSet(terms, reserves)
{
    private readonly double[] rates = rates.ToArray();

    /// <summary>An empty side only ends trades out of that side, which the bound R >= 0 says already.</summary>
    protected override bool Idle => false;

    public override Real Arbitrage(ReadOnlySpan<Real> prices) => OneWay.BestOf(Terms, prices, Best);

    protected override Real RelativeFall(ReadOnlySpan<Real> after)
    {
        Real before = (Real)rates[0] * Reserves[0] + (Real)rates[1] * Reserves[1];
        Real fall = before - (after[0] * rates[0] + after[1] * rates[1]);
        return before.IsZero ? (fall.Sign > 0 ? Real.One : Real.Zero) : fall / before;
    }

    private Real Best(OneWay trade)
    {
        Real outPerIn = (Real)rates[trade.TokenIn] / rates[trade.TokenOut];
        if (trade.ValueOut * outPerIn <= trade.PriceIn)
            return Real.Zero;
        Real f = Reserves[trade.TokenOut] / outPerIn;
        if (trade.Exceeds(f))
            f = trade.Bound!.Value;
        return trade.Value(f, f * outPerIn);
    }
}
