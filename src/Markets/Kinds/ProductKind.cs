using System.Text.Json;
using QTrade.Markets.Arithmetic;
using QTrade.Markets.Files;
using QTrade.Markets.Quotes;

namespace QTrade.Markets.Kinds;

/// <summary>Constant product pools, x y.</summary>
public sealed class ProductKind : PoolKind
{
    /// <inheritdoc/>
    public override string Name => ProductCurve.KindName;

    /// <inheritdoc/>
    public override PoolCurve Read(in JsonObject fields, int tokens) => new ProductCurve(fields.Numbers("reserves"));

    /// <inheritdoc/>
    public override void Write(PoolCurve curve, Utf8JsonWriter json) => WriteNumbers(json, "reserves", ((ProductCurve)curve).Reserves);

    /// <inheritdoc/>
    public override FieldFault? Check(Pool pool)
    {
        var curve = (ProductCurve)pool.Curve;
        return TwoTokens(pool) ?? PoolRules.Length("reserves", curve.Reserves, 2) ?? PoolRules.NotNegative("reserves", curve.Reserves);
    }

    /// <summary>Lambda' = R_out g / (R_in + g) with g = gamma Delta and Lambda = (1 - feeOut) Lambda'.</summary>
    public override QuoteError ExactIn(in Leg leg, in UInt256 tender, out PoolFill fill)
    {
        fill = default;
        if (!TryReserves(leg, out var reserveIn, out var reserveOut))
            return QuoteError.InsufficientLiquidity;
        var effective = leg.FeeIn.KeepDown(tender);
        var gross = UInt256.MulDivDown(reserveOut, effective, reserveIn + effective);
        fill.Amount = leg.FeeOut.KeepDown(gross);
        fill.Fee = tender - effective;
        return QuoteError.None;
    }

    /// <summary>g = Lambda' R_in / (R_out - Lambda').</summary>
    public override QuoteError ExactOut(in Leg leg, in UInt256 receive, out PoolFill fill)
    {
        fill = default;
        var gross = leg.FeeOut.GrossUp(receive);
        if (!TryReserves(leg, out var reserveIn, out var reserveOut) || gross >= reserveOut)
            return QuoteError.InsufficientLiquidity;
        var effective = UInt256.MulDivUp(gross, reserveIn, reserveOut - gross);
        fill.Amount = leg.FeeIn.GrossUp(effective);
        fill.Fee = fill.Amount - effective;
        return QuoteError.None;
    }

    /// <inheritdoc/>
    public override double MarginalPrice(in Leg leg, PoolCurve curve)
    {
        var reserves = ((ProductCurve)curve).Reserves;
        return reserves[0] > 0 && reserves[1] > 0 ? leg.Kept * (reserves[leg.TokenOut] / reserves[leg.TokenIn]) : 0;
    }

    private static bool TryReserves(in Leg leg, out UInt256 reserveIn, out UInt256 reserveOut)
    {
        var reserves = ((ProductCurve)leg.Pool.Curve).Reserves;
        reserveIn = FixedAmount.From(reserves[leg.TokenIn]);
        reserveOut = FixedAmount.From(reserves[leg.TokenOut]);
        return !reserveIn.IsZero && !reserveOut.IsZero;
    }
}
