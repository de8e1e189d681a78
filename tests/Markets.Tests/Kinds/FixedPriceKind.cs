using System.Text.Json;
using QTrade.Markets.Arithmetic;
using QTrade.Markets.Files;
using QTrade.Markets.Kinds;
using QTrade.Markets.Quotes;

namespace QTrade.Markets.Tests.Kinds;

/// <summary>A kind that the library does not know: it sells token 1 from a stock at one integer price and buys nothing back.</summary>
internal sealed class FixedPriceKind : PoolKind
{
    public override string Name => FixedPriceCurve.KindName;

    public override PoolCurve Read(in JsonObject fields, int tokens) => new FixedPriceCurve(fields.Number("unitsPerToken"), fields.Number("stock"));

    public override void Write(PoolCurve curve, Utf8JsonWriter json)
    {
        var shop = (FixedPriceCurve)curve;
        json.WriteNumber("unitsPerToken", shop.UnitsPerToken);
        json.WriteNumber("stock", shop.Stock);
    }

    public override FieldFault? Check(Pool pool)
    {
        var shop = (FixedPriceCurve)pool.Curve;
        return TwoTokens(pool) ?? PoolRules.Positive("unitsPerToken", shop.UnitsPerToken) ?? PoolRules.NotNegative("stock", shop.Stock);
    }

    public override QuoteError ExactIn(in Leg leg, in UInt256 tender, out PoolFill fill)
    {
        fill = default;
        var shop = (FixedPriceCurve)leg.Pool.Curve;
        var stock = FixedAmount.From(shop.Stock);
        var effective = leg.FeeIn.KeepDown(tender);
        var gross = UInt256.MulDivDown(effective, (ulong)shop.UnitsPerToken, UInt256.One);
        if (leg.TokenIn != 0 || gross > stock)
            return QuoteError.InsufficientLiquidity;
        fill.Amount = leg.FeeOut.KeepDown(gross);
        fill.Fee = tender - effective;
        fill.After = shop with { Stock = FixedAmount.ToDoubleUp(stock - gross) };
        return QuoteError.None;
    }

    public override QuoteError ExactOut(in Leg leg, in UInt256 receive, out PoolFill fill)
    {
        fill = default;
        var shop = (FixedPriceCurve)leg.Pool.Curve;
        var stock = FixedAmount.From(shop.Stock);
        var gross = leg.FeeOut.GrossUp(receive);
        if (leg.TokenIn != 0 || gross > stock)
            return QuoteError.InsufficientLiquidity;
        var effective = UInt256.MulDivUp(gross, UInt256.One, (ulong)shop.UnitsPerToken);
        fill.Amount = leg.FeeIn.GrossUp(effective);
        fill.Fee = fill.Amount - effective;
        fill.After = shop with { Stock = FixedAmount.ToDoubleUp(stock - gross) };
        return QuoteError.None;
    }

    public override double MarginalPrice(in Leg leg, PoolCurve curve)
    {
        var shop = (FixedPriceCurve)curve;
        return leg.TokenIn == 0 && shop.Stock > 0 ? leg.Kept * shop.UnitsPerToken : 0;
    }
}
