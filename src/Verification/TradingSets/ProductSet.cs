using QTrade.Verification.Arithmetic;

namespace QTrade.Verification.TradingSets;

/// <summary>Constant product: x y. Output of f: Y f / (X + f); best f = sqrt(valueOut X Y / priceIn) - X.</summary>
internal sealed class ProductSet(TradingTerms terms, ReadOnlySpan<double> reserves) : ReserveSet(terms, reserves)
{
    public override Real Arbitrage(ReadOnlySpan<Real> prices) => Idle ? Real.Zero : OneWay.BestOf(Terms, prices, Best);

    protected override Real RelativeFall(ReadOnlySpan<Real> after) =>
        after[0].Sign <= 0 || after[1].Sign <= 0 ? Real.One : Real.One - after[0] / Reserves[0] * (after[1] / Reserves[1]);

    private Real Best(OneWay trade)
    {
        Real x = Reserves[trade.TokenIn], y = Reserves[trade.TokenOut];
        Real worthOut = trade.ValueOut * y, worthIn = trade.PriceIn * x;
        if (worthOut <= worthIn)
            return Real.Zero;
        if (worthIn.IsZero)
            return trade.Bound is { } all ? trade.Value(all, y * all / (x + all)) : worthOut;
        Real f = RealFunctions.Sqrt(x * x * (worthOut / worthIn)) - x;
        if (trade.Exceeds(f))
            f = trade.Bound!.Value;
        return trade.Value(f, y * f / (x + f));
    }
}
