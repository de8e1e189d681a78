using System.Text.Json;
using QTrade.Markets.Files;

namespace QTrade.Markets.Kinds;

/// <summary>Concentrated liquidity pools: a price, ticks, and one liquidity per interval between them.</summary>
public sealed class ConcentratedKind : PoolKind
{
    /// <inheritdoc/>
    public override string Name => ConcentratedCurve.KindName;

    /// <inheritdoc/>
    public override PoolCurve Read(in JsonObject fields, int tokens) =>
        new ConcentratedCurve(fields.Number("price"), fields.Numbers("ticks"), fields.Numbers("liquidity"));

    /// <inheritdoc/>
    public override void Write(PoolCurve curve, Utf8JsonWriter json)
    {
        var concentrated = (ConcentratedCurve)curve;
        json.WriteNumber("price", concentrated.Price);
        WriteNumbers(json, "ticks", concentrated.Ticks);
        WriteNumbers(json, "liquidity", concentrated.Liquidity);
    }

    /// <inheritdoc/>
    public override FieldFault? Check(Pool pool)
    {
        var curve = (ConcentratedCurve)pool.Curve;
        if (TwoTokens(pool) is { } fault)
            return fault;
        if (curve.Ticks.IsDefault || curve.Ticks.Length < 2)
            return new FieldFault("ticks", "must hold at least two prices");
        return PoolRules.Positive("price", curve.Price)
            ?? PoolRules.Positive("ticks", curve.Ticks)
            ?? PoolRules.Ascending("ticks", curve.Ticks)
            ?? PoolRules.Length("liquidity", curve.Liquidity, curve.Ticks.Length - 1)
            ?? PoolRules.NotNegative("liquidity", curve.Liquidity);
    }
}
