using System.Text.Json;
using QTrade.Markets.Files;

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
}
