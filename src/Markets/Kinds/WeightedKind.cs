using System.Text.Json;
using QTrade.Markets.Arithmetic;
using QTrade.Markets.Files;
using QTrade.Markets.Quotes;

namespace QTrade.Markets.Kinds;

/// <summary>Weighted geometric mean pools, prod R^w.</summary>
public sealed class WeightedKind : PoolKind
{
    /// <inheritdoc/>
    public override string Name => WeightedCurve.KindName;

    /// <inheritdoc/>
    public override PoolCurve Read(in JsonObject fields, int tokens) =>
        new WeightedCurve(fields.Numbers("reserves"), fields.Numbers("weights"));

    /// <inheritdoc/>
    public override void Write(PoolCurve curve, Utf8JsonWriter json)
    {
        var weighted = (WeightedCurve)curve;
        WriteNumbers(json, "reserves", weighted.Reserves);
        WriteNumbers(json, "weights", weighted.Weights);
    }

    /// <inheritdoc/>
    public override FieldFault? Check(Pool pool)
    {
        var curve = (WeightedCurve)pool.Curve;
        return PoolRules.Length("reserves", curve.Reserves, pool.Tokens.Length)
            ?? PoolRules.NotNegative("reserves", curve.Reserves)
            ?? PoolRules.Length("weights", curve.Weights, pool.Tokens.Length)
            ?? PoolRules.Positive("weights", curve.Weights)
            ?? CheckSum(curve);
    }

    private static FieldFault? CheckSum(WeightedCurve curve)
    {
        var sum = 0.0;
        foreach (var weight in curve.Weights)
            sum += weight;
        return double.IsFinite(sum) ? null : new FieldFault("weights", "must have a finite sum");
    }

    /// <inheritdoc/>
    public override bool ApproximatesExactOut => true;

    /// <summary>Lambda' = R_out (1 - e^-t), t = (w_in / w_out) ln(1 + g / R_in) with g = gamma Delta; other tokens stay as they are.</summary>
    public override QuoteError ExactIn(in Leg leg, in UInt256 tender, out PoolFill fill)
    {
        fill = default;
        if (!TryReserves(leg, out var reserveIn, out var reserveOut))
            return QuoteError.InsufficientLiquidity;
        var (weightIn, weightOut) = Weights(leg);
        var effective = leg.FeeIn.KeepDown(tender);
        var growth = UInt256.MulDivDown(effective, UInt256.PowerOfTwo(FixedLogarithm.FractionBits), reserveIn);
        var t = UInt256.MulDivDown(FixedLogarithm.LogOnePlusDown(growth), weightIn, weightOut);
        var gross = UInt256.MulShiftDown(reserveOut, FixedLogarithm.OneMinusExpDown(t), FixedLogarithm.FractionBits);
        fill.Amount = leg.FeeOut.KeepDown(gross);
        fill.Fee = tender - effective;
        return QuoteError.None;
    }

    /// <summary>g = R_in (e^t - 1) = R_in (1 - e^-t) / e^-t, t = (w_out / w_in) ln(1 + Lambda' / (R_out - Lambda')).</summary>
    public override QuoteError ExactOut(in Leg leg, in UInt256 receive, out PoolFill fill)
    {
        fill = default;
        var gross = leg.FeeOut.GrossUp(receive);
        if (!TryReserves(leg, out var reserveIn, out var reserveOut) || gross >= reserveOut)
            return QuoteError.InsufficientLiquidity;
        var (weightIn, weightOut) = Weights(leg);
        var unit = UInt256.PowerOfTwo(FixedLogarithm.FractionBits);
        var growth = UInt256.MulDivUp(gross, unit, reserveOut - gross);
        var t = UInt256.MulDivUp(FixedLogarithm.LogOnePlusUp(growth), weightOut, weightIn);
        var lost = FixedLogarithm.OneMinusExpUp(t);
        var effective = UInt256.MulDivUp(reserveIn, lost, unit - lost);
        fill.Amount = leg.FeeIn.GrossUp(effective);
        fill.Fee = fill.Amount - effective;
        return QuoteError.None;
    }

    /// <inheritdoc/>
    public override double MarginalPrice(in Leg leg, PoolCurve curve)
    {
        var weighted = (WeightedCurve)curve;
        foreach (var reserve in weighted.Reserves)
        {
            if (reserve == 0)
                return 0;
        }

        return leg.Kept
            * (weighted.Weights[leg.TokenIn] / weighted.Weights[leg.TokenOut])
            * (weighted.Reserves[leg.TokenOut] / weighted.Reserves[leg.TokenIn]);
    }

    // With any reserve at zero the invariant is zero and the pool rests.
    private static bool TryReserves(in Leg leg, out UInt256 reserveIn, out UInt256 reserveOut)
    {
        var reserves = ((WeightedCurve)leg.Pool.Curve).Reserves;
        reserveIn = FixedAmount.From(reserves[leg.TokenIn]);
        reserveOut = FixedAmount.From(reserves[leg.TokenOut]);
        foreach (var reserve in reserves)
        {
            if (reserve == 0)
                return false;
        }

        return true;
    }

    private static (UInt256 In, UInt256 Out) Weights(in Leg leg)
    {
        var weights = ((WeightedCurve)leg.Pool.Curve).Weights;
        return new ExactDouble(weights[leg.TokenIn]).Over(new ExactDouble(weights[leg.TokenOut]));
    }
}
