using System.Text.Json;
using QTrade.Markets.Files;

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
}
