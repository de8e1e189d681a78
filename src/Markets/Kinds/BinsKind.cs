using System.Collections.Immutable;
using System.Text.Json;
using QTrade.Markets.Arithmetic;
using QTrade.Markets.Files;
using QTrade.Markets.Quotes;

namespace QTrade.Markets.Kinds;

/// <summary>Pools of bins with one price each.</summary>
public sealed class BinsKind : PoolKind
{
    // Fees and prices are rounded doubles: a gain smaller than this between two bins is none.
    private const double Rounding = 1e-12;

    /// <inheritdoc/>
    public override string Name => BinsCurve.KindName;

    /// <inheritdoc/>
    public override PoolCurve Read(in JsonObject fields, int tokens)
    {
        var rows = fields.Rows("bins");
        var bins = ImmutableArray.CreateBuilder<Bin>(rows.Length);
        for (var i = 0; i < rows.Length; i++)
        {
            var row = rows[i];
            if (row.Length is 3 or 4)
                bins.Add(new Bin(row[0], row[1], row[2], row.Length == 4 ? row[3] : null));
            else
                fields.Fault($"bins[{i}]", "must hold a price, x, y and, where the bin has its own, a fee");
        }

        return new BinsCurve(bins.DrainToImmutable());
    }

    /// <inheritdoc/>
    public override void Write(PoolCurve curve, Utf8JsonWriter json)
    {
        json.WriteStartArray("bins");
        foreach (var bin in ((BinsCurve)curve).Bins)
        {
            json.WriteStartArray();
            json.WriteNumberValue(bin.Price);
            json.WriteNumberValue(bin.X);
            json.WriteNumberValue(bin.Y);
            if (bin.Fee is { } fee)
                json.WriteNumberValue(fee);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    /// <inheritdoc/>
    public override FieldFault? Check(Pool pool)
    {
        var bins = ((BinsCurve)pool.Curve).Bins;
        if (TwoTokens(pool) is { } fault)
            return fault;
        if (bins.IsDefaultOrEmpty)
            return new FieldFault("bins", "must hold at least one bin");
        for (var i = 0; i < bins.Length; i++)
        {
            var at = $"bins[{i}]";
            if ((PoolRules.Positive($"{at}[0]", bins[i].Price)
                ?? PoolRules.NotNegative($"{at}[1]", bins[i].X)
                ?? PoolRules.NotNegative($"{at}[2]", bins[i].Y)
                ?? (bins[i].Fee is { } fee ? PoolRules.Fee($"{at}[3]", fee) : null)) is { } wrong)
                return wrong;
            if (i > 0 && !(bins[i].Price > bins[i - 1].Price))
                return new FieldFault($"{at}[0]", "must be above the price of the bin before it");
        }

        return CheckActiveBin(pool, bins);
    }

    /// <summary>
    /// Bins above the active one hold x only and those below y only. Bins with fees of their own fill in the order of their prices after fees,
    /// so an x may come to lie below a y by less than the fees between them; more than that is money for nothing, and a fault.
    /// </summary>
    private static FieldFault? CheckActiveBin(Pool pool, ImmutableArray<Bin> bins)
    {
        var cheapest = double.PositiveInfinity;
        var (sold, bought) = (TokenKept(pool, 0, 1), TokenKept(pool, 1, 0));
        for (var i = 0; i < bins.Length; i++)
        {
            var gamma = 1 - (bins[i].Fee ?? pool.Fee);
            if (bins[i].Y > 0 && bins[i].Price * gamma * sold > cheapest * (1 + Rounding))
                return new FieldFault($"bins[{i}]", "holds token 1 above a bin that holds token 0: one bin is active, those above it hold token 0 only");
            if (bins[i].X > 0)
                cheapest = Math.Min(cheapest, bins[i].Price / (gamma * bought));
        }

        return null;
    }

    /// <summary>What is left of all fees but a bin's.</summary>
    private static double TokenKept(Pool pool, int tokenIn, int tokenOut) => pool.KeptOutOf(tokenOut) * (1 - Pool.TokenFee(pool.TokenFees, tokenIn));

    /// <summary>Bin by bin from the best price after the bin's fee: Lambda' = g p of token 1 for token 0, g / p the other way.</summary>
    public override QuoteError ExactIn(in Leg leg, in UInt256 tender, out PoolFill fill)
    {
        var walk = new BinWalk(leg);
        fill = default;
        var left = tender;
        var gross = UInt256.Zero;
        while (!left.IsZero)
        {
            if (!walk.MoveNext())
                return QuoteError.InsufficientLiquidity;
            if (left >= walk.TenderForAll)
            {
                left -= walk.TenderForAll;
                gross += walk.Available;
                fill.Fee += walk.TenderForAll - walk.EffectiveForAll;
                walk.TakeAll();
                continue;
            }

            var effective = walk.Fee.KeepDown(left);
            var taken = UInt256.Min(walk.OutFor(effective), walk.Available);
            gross += taken;
            fill.Fee += left - effective;
            walk.Take(effective, taken);
            left = UInt256.Zero;
        }

        fill.Amount = leg.FeeOut.KeepDown(gross);
        fill.After = walk.After();
        return QuoteError.None;
    }

    /// <inheritdoc/>
    public override QuoteError ExactOut(in Leg leg, in UInt256 receive, out PoolFill fill)
    {
        var walk = new BinWalk(leg);
        fill = default;
        var left = leg.FeeOut.GrossUp(receive);
        while (!left.IsZero)
        {
            if (!walk.MoveNext())
                return QuoteError.InsufficientLiquidity;
            if (left > walk.Available)
            {
                left -= walk.Available;
                fill.Amount += walk.TenderForAll;
                fill.Fee += walk.TenderForAll - walk.EffectiveForAll;
                walk.TakeAll();
                continue;
            }

            var effective = walk.InFor(left);
            var part = UInt256.Min(walk.Fee.GrossUp(effective), walk.TenderForAll);
            fill.Amount += part;
            fill.Fee += part - effective;
            walk.Take(effective, left);
            left = UInt256.Zero;
        }

        fill.After = walk.After();
        return QuoteError.None;
    }

    /// <inheritdoc/>
    public override double MarginalPrice(in Leg leg, PoolCurve curve) =>
        BinWalk.BestPrice(leg, (BinsCurve)curve) * (1 - leg.TokenFee) * leg.Pool.KeptOutOf(leg.TokenOut);
}
