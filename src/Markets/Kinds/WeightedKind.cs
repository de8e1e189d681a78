using System.Text.Json;
using QTrade.Markets.Files;

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
}
