using System.Text.Json;
using QTrade.Markets.Files;

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
}
