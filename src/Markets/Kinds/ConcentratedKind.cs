using System.Text.Json;
using QTrade.Markets.Arithmetic;
using QTrade.Markets.Files;
using QTrade.Markets.Quotes;

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

    /// <summary>Interval by interval from the price; inside one as <see cref="IntervalWalk"/> says.</summary>
    public override QuoteError ExactIn(in Leg leg, in UInt256 tender, out PoolFill fill)
    {
        fill = default;
        var walk = new IntervalWalk(leg);
        var left = leg.FeeIn.KeepDown(tender);
        fill.Fee = tender - left;
        var gross = UInt256.Zero;
        while (!left.IsZero)
        {
            if (!walk.MoveNext())
                return QuoteError.InsufficientLiquidity;
            if (left >= walk.InForAll)
            {
                left -= walk.InForAll;
                gross += walk.OutForAll;
                walk.Cross();
                continue;
            }

            gross += walk.OutFor(left);
            walk.Stop(left);
            left = UInt256.Zero;
        }

        fill.Amount = leg.FeeOut.KeepDown(gross);
        fill.After = walk.After();
        return QuoteError.None;
    }

    /// <inheritdoc/>
    public override QuoteError ExactOut(in Leg leg, in UInt256 receive, out PoolFill fill)
    {
        fill = default;
        var walk = new IntervalWalk(leg);
        var left = leg.FeeOut.GrossUp(receive);
        var effective = UInt256.Zero;
        while (!left.IsZero)
        {
            if (!walk.MoveNext())
                return QuoteError.InsufficientLiquidity;
            if (left > walk.OutForAll)
            {
                left -= walk.OutForAll;
                effective += walk.InForAll;
                walk.Cross();
                continue;
            }

            var part = walk.InFor(left);
            effective += part;
            walk.Stop(part);
            left = UInt256.Zero;
        }

        fill.Amount = leg.FeeIn.GrossUp(effective);
        fill.Fee = fill.Amount - effective;
        fill.After = walk.After();
        return QuoteError.None;
    }

    /// <inheritdoc/>
    public override double MarginalPrice(in Leg leg, PoolCurve curve)
    {
        var concentrated = (ConcentratedCurve)curve;
        var selling = leg.TokenIn == 0;
        var i = IntervalWalk.First(concentrated, selling);
        while (i >= 0 && i < concentrated.Liquidity.Length && concentrated.Liquidity[i] == 0)
            i += selling ? -1 : 1;
        if (i < 0 || i >= concentrated.Liquidity.Length)
            return 0;
        return selling
            ? leg.Kept * Math.Min(concentrated.Price, concentrated.Ticks[i + 1])
            : leg.Kept / Math.Max(concentrated.Price, concentrated.Ticks[i]);
    }
}
