using System.Text.Json;
using QTrade.Markets.Arithmetic;
using QTrade.Markets.Files;
using QTrade.Markets.Quotes;

namespace QTrade.Markets.Kinds;

/// <summary>StableSwap pools of two tokens.</summary>
public sealed class StableKind : PoolKind
{
    /// <inheritdoc/>
    public override string Name => StableCurve.KindName;

    /// <inheritdoc/>
    public override PoolCurve Read(in JsonObject fields, int tokens) =>
        new StableCurve(fields.Numbers("reserves"), fields.Number("amplification"), fields.Numbers("rates", [1, 1]));

    /// <inheritdoc/>
    public override void Write(PoolCurve curve, Utf8JsonWriter json)
    {
        var stable = (StableCurve)curve;
        WriteNumbers(json, "reserves", stable.Reserves);
        json.WriteNumber("amplification", stable.Amplification);
        WriteNumbers(json, "rates", stable.Rates);
    }

    /// <inheritdoc/>
    public override FieldFault? Check(Pool pool)
    {
        var curve = (StableCurve)pool.Curve;
        return TwoTokens(pool)
            ?? PoolRules.Length("reserves", curve.Reserves, 2)
            ?? PoolRules.NotNegative("reserves", curve.Reserves)
            ?? PoolRules.Positive("amplification", curve.Amplification)
            ?? PoolRules.Length("rates", curve.Rates, 2)
            ?? PoolRules.Positive("rates", curve.Rates);
    }

    /// <inheritdoc/>
    public override bool ApproximatesExactOut => true;

    /// <summary>Lambda' = y - y'(x + g) on the curve of D, with g = gamma Delta.</summary>
    public override QuoteError ExactIn(in Leg leg, in UInt256 tender, out PoolFill fill)
    {
        fill = default;
        var effective = leg.FeeIn.KeepDown(tender);
        if (!StableInvariant.TryCreate(leg, effective, out var invariant))
            return QuoteError.InsufficientLiquidity;
        fill.Amount = leg.FeeOut.KeepDown(invariant.OutFor(effective));
        fill.Fee = tender - effective;
        return QuoteError.None;
    }

    /// <summary>g = x'(y - Lambda') - x.</summary>
    public override QuoteError ExactOut(in Leg leg, in UInt256 receive, out PoolFill fill)
    {
        fill = default;
        var gross = leg.FeeOut.GrossUp(receive);
        if (!StableInvariant.TryCreate(leg, UInt256.Zero, out var invariant) || !invariant.TryInFor(gross, out var effective))
            return QuoteError.InsufficientLiquidity;
        fill.Amount = leg.FeeIn.GrossUp(effective);
        fill.Fee = fill.Amount - effective;
        return QuoteError.None;
    }

    /// <summary>dy/dx = (4A + D^3 / (4 x^2 y)) / (4A + D^3 / (4 x y^2)), in tokens by the rates.</summary>
    public override double MarginalPrice(in Leg leg, PoolCurve curve)
    {
        var stable = (StableCurve)curve;
        var x = stable.Reserves[leg.TokenIn] * stable.Rates[leg.TokenIn];
        var y = stable.Reserves[leg.TokenOut] * stable.Rates[leg.TokenOut];
        if (!(x > 0 && y > 0))
            return 0;
        var sum = x + y;
        var d = StableInvariant.Nearest(x / sum, y / sum, stable.Amplification);
        var bend = d * d * d / (16 * stable.Amplification * (x / sum) * (y / sum));
        return leg.Kept * (stable.Rates[leg.TokenIn] / stable.Rates[leg.TokenOut]) * ((1 + bend / (x / sum)) / (1 + bend / (y / sum)));
    }
}
