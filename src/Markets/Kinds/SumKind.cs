using System.Text.Json;
using QTrade.Markets.Arithmetic;
using QTrade.Markets.Files;
using QTrade.Markets.Quotes;

namespace QTrade.Markets.Kinds;

/// <summary>Constant sum pools, rates . R.</summary>
public sealed class SumKind : PoolKind
{
    /// <inheritdoc/>
    public override string Name => SumCurve.KindName;

    /// <inheritdoc/>
    public override PoolCurve Read(in JsonObject fields, int tokens) =>
        new SumCurve(fields.Numbers("reserves"), fields.Numbers("rates", [1, 1]));

    /// <inheritdoc/>
    public override void Write(PoolCurve curve, Utf8JsonWriter json)
    {
        var sum = (SumCurve)curve;
        WriteNumbers(json, "reserves", sum.Reserves);
        WriteNumbers(json, "rates", sum.Rates);
    }

    /// <inheritdoc/>
    public override FieldFault? Check(Pool pool)
    {
        var curve = (SumCurve)pool.Curve;
        return TwoTokens(pool)
            ?? PoolRules.Length("reserves", curve.Reserves, 2)
            ?? PoolRules.NotNegative("reserves", curve.Reserves)
            ?? PoolRules.Length("rates", curve.Rates, 2)
            ?? PoolRules.Positive("rates", curve.Rates);
    }

    /// <summary>Lambda' = g rate_in / rate_out, at most R_out, with g = gamma Delta.</summary>
    public override QuoteError ExactIn(in Leg leg, in UInt256 tender, out PoolFill fill)
    {
        fill = default;
        var (numerator, denominator, reserveOut) = Exchange(leg);
        var effective = leg.FeeIn.KeepDown(tender);
        var gross = UInt256.MulDivDown(effective, numerator, denominator);
        if (gross > reserveOut || reserveOut.IsZero)
            return QuoteError.InsufficientLiquidity;
        fill.Amount = leg.FeeOut.KeepDown(gross);
        fill.Fee = tender - effective;
        return QuoteError.None;
    }

    /// <summary>g = Lambda' rate_out / rate_in.</summary>
    public override QuoteError ExactOut(in Leg leg, in UInt256 receive, out PoolFill fill)
    {
        fill = default;
        var (numerator, denominator, reserveOut) = Exchange(leg);
        var gross = leg.FeeOut.GrossUp(receive);
        if (gross > reserveOut)
            return QuoteError.InsufficientLiquidity;
        var effective = UInt256.MulDivUp(gross, denominator, numerator);
        fill.Amount = leg.FeeIn.GrossUp(effective);
        fill.Fee = fill.Amount - effective;
        return QuoteError.None;
    }

    /// <inheritdoc/>
    public override double MarginalPrice(in Leg leg, PoolCurve curve)
    {
        var sum = (SumCurve)curve;
        return sum.Reserves[leg.TokenOut] > 0 ? leg.Kept * (sum.Rates[leg.TokenIn] / sum.Rates[leg.TokenOut]) : 0;
    }

    private static (UInt256 Numerator, UInt256 Denominator, UInt256 ReserveOut) Exchange(in Leg leg)
    {
        var curve = (SumCurve)leg.Pool.Curve;
        var (numerator, denominator) = new ExactDouble(curve.Rates[leg.TokenIn]).Over(new ExactDouble(curve.Rates[leg.TokenOut]));
        return (numerator, denominator, FixedAmount.From(curve.Reserves[leg.TokenOut]));
    }
}
