using System.Collections.Immutable;

namespace QTrade.Markets.Venues;

/// <summary>
/// A Meteora DLMM pair at one clock. Inside a bin the price is constant. The fee rate of a bin follows its distance from the reference
/// bin, min(base + variable, 10%), so that with references frozen at the clock every bin has a rate of its own.
/// </summary>
public sealed record DlmmState : VenueState
{
    /// <summary>The bins that there are, on either side of 0.</summary>
    public const int BinIdMax = 443_636;

    private const ulong RateMax = 100_000_000;
    private const uint AccumulatorUnit = 10_000;
    private const int PartsPerBin = 3;
    private const double Q64 = 18_446_744_073_709_551_616.0;

    /// <summary>The bins with anything in them, ascending by id.</summary>
    public required ImmutableArray<LiquidityBin> Bins { get; init; }

    /// <summary>The lowest bin of what is known.</summary>
    public required int FirstBin { get; init; }

    /// <summary>The highest bin of what is known.</summary>
    public required int LastBin { get; init; }

    /// <summary>The bin that trades.</summary>
    public required int ActiveId { get; init; }

    /// <summary>Ratio of neighbouring prices less 1, in basis points.</summary>
    public required ushort BinStep { get; init; }

    /// <summary>Fee parameters.</summary>
    public required DlmmFees Fees { get; init; }

    /// <summary>The volatility accumulator's part that is left from before, at the clock.</summary>
    public required uint VolatilityReference { get; init; }

    /// <summary>The bin from which volatility is counted, at the clock.</summary>
    public required int IndexReference { get; init; }

    /// <summary>Whether fees are taken in token y only; else from what goes in.</summary>
    public required bool FeeOnlyY { get; init; }

    /// <summary>What the vault of x holds.</summary>
    public required ulong ReserveX { get; init; }

    /// <summary>What the vault of y holds.</summary>
    public required ulong ReserveY { get; init; }

    /// <inheritdoc/>
    public override double Price => (double)PriceOf(ActiveId, BinStep) / Q64;

    /// <summary>Whether there is such a bin.</summary>
    public static bool IsBinId(int id) => id is >= -BinIdMax and <= BinIdMax;

    /// <summary>The price of a bin in Q64.64.</summary>
    /// <exception cref="OverflowException">It rounds to 0.</exception>
    public static UInt128 PriceOf(int id, ushort binStep) =>
        VolatilityFee.Power((UInt128.One << 64) + ((UInt128)binStep << 64) / AccumulatorUnit, id);

    /// <summary>The fee rate of a bin in billionths.</summary>
    public ulong RateOf(int id)
    {
        var accumulator = UInt128.Min(VolatilityReference + (UInt128)(ulong)Math.Abs((long)IndexReference - id) * AccumulatorUnit, Fees.AccumulatorMax);
        var rate = Fees.BaseRate + VolatilityFee.Of(accumulator, BinStep, Fees.VariableControl);
        return (ulong)UInt128.Min(rate, RateMax);
    }

    /// <inheritdoc/>
    public override int LiquidityEntries => Bins.Length;

    /// <inheritdoc/>
    protected override bool HasSoundNumbers
    {
        get
        {
            if (BinStep is 0 or > (ushort)AccumulatorUnit || !IsBinId(ActiveId) || !IsBinId(IndexReference) || Fees.BaseRate > RateMax)
                return false;
            for (var i = 0; i < Bins.Length; i++)
            {
                if (!IsBinId(Bins[i].Id) || Bins[i].Price == UInt128.Zero || (i > 0 && Bins[i].Id <= Bins[i - 1].Id))
                    return false;
            }

            return true;
        }
    }

    /// <inheritdoc/>
    protected override (double Fee, double FeeOut) CurveFees => (RateOf(ActiveId) / (double)VolatilityFee.One, 0);

    /// <inheritdoc/>
    public override PoolCurve ToCurve()
    {
        var bins = new Bin[Bins.Length];
        for (var i = 0; i < bins.Length; i++)
            bins[i] = new Bin((double)Bins[i].Price / Q64, 0, 0, RateOf(Bins[i].Id) / (double)VolatilityFee.One);
        // Orders count where they are against the swap, and nothing past what the vault holds.
        double left = ReserveY;
        for (var i = Start(zeroForOne: true); i >= 0; i--)
        {
            var y = Math.Min(Held(Bins[i], zeroForOne: true).Total, left);
            left -= y;
            // A fee on what comes out leaves that much less of y to receive.
            bins[i] = bins[i] with { Y = FeeOnlyY ? y * (1 - bins[i].Fee!.Value) : y };
        }

        left = ReserveX;
        for (var i = Start(zeroForOne: false); i < bins.Length; i++)
        {
            var x = Math.Min(Held(Bins[i], zeroForOne: false).Total, left);
            left -= x;
            bins[i] = bins[i] with { X = x };
        }

        return new BinsCurve(bins.Length == 0 ? [new Bin(Price, 0, 0)] : [.. bins]);
    }

    /// <inheritdoc/>
    protected override VenueRefusal SwapIn(bool zeroForOne, ulong amountIn, ref VenueFill fill) =>
        Walk(zeroForOne, amountIn, exactIn: true, ref fill);

    /// <inheritdoc/>
    protected override VenueRefusal SwapOut(bool zeroForOne, ulong amountOut, ref VenueFill fill) =>
        Walk(zeroForOne, amountOut, exactIn: false, ref fill);

    /// <summary>The bins after a fill, and the references as a second swap at the same clock finds them.</summary>
    public override VenueState After(in VenueFill fill)
    {
        var bins = Bins.ToBuilder();
        var gross = fill.VaultOut + (fill.FeeOnOutput ? fill.Fee : 0);
        for (var i = Start(fill.ZeroForOne); i >= 0 && i < bins.Count && gross > 0; i += fill.ZeroForOne ? -1 : 1)
        {
            var bin = bins[i];
            var held = Held(bin, fill.ZeroForOne);
            var own = Math.Min(held.Own, gross);
            var processed = Math.Min(held.Processed, gross - own);
            var open = Math.Min(held.Open, gross - own - processed);
            // What buys orders belongs to whoever placed them.
            var added = InFor(fill.ZeroForOne, own, bin.Price);
            bin = bin with { ProcessedOrders = bin.ProcessedOrders - processed, OpenOrders = bin.OpenOrders - open };
            bins[i] = fill.ZeroForOne
                ? bin with { X = checked(bin.X + added), Y = bin.Y - own }
                : bin with { Y = checked(bin.Y + added), X = bin.X - own };
            gross -= own + processed + open;
        }

        return this with
        {
            Bins = bins.ToImmutable(),
            ActiveId = fill.TickAfter,
            ReserveX = fill.ZeroForOne ? ReserveX + fill.VaultIn : ReserveX - fill.VaultOut,
            ReserveY = fill.ZeroForOne ? ReserveY - fill.VaultOut : ReserveY + fill.VaultIn,
        };
    }

    private VenueRefusal Walk(bool zeroForOne, ulong amount, bool exactIn, ref VenueFill fill)
    {
        fill.FeeOnOutput = FeeOnlyY && zeroForOne;
        var remaining = amount;
        var active = ActiveId;
        for (var i = Start(zeroForOne); remaining > 0; i += zeroForOne ? -1 : 1)
        {
            if (i < 0 || i >= Bins.Length)
                return VenueRefusal.OutOfArrays;
            var bin = Bins[i];
            var held = Held(bin, zeroForOne);
            if (held.Total == 0)
                continue;
            active = bin.Id;
            fill.Crossings++;
            if (exactIn)
                TakeIn(zeroForOne, bin.Price, held, RateOf(bin.Id), ref remaining, ref fill);
            else
                TakeOut(zeroForOne, bin.Price, held, RateOf(bin.Id), ref remaining, ref fill);
        }

        fill.IsOnTick = true;
        fill.TickAfter = active;
        fill.PriceAfter = (double)PriceOf(active, BinStep) / Q64;
        return fill.AmountOut > (zeroForOne ? ReserveY : ReserveX) ? VenueRefusal.InsufficientLiquidity : VenueRefusal.None;
    }

    private static void TakeIn(bool zeroForOne, UInt128 price, BinContents held, ulong rate, ref ulong remaining, ref VenueFill fill)
    {
        var onInput = !fill.FeeOnOutput;
        var net = onInput ? remaining - WideProduct.MulDivUp(remaining, rate, VolatilityFee.One) : remaining;
        var left = net;
        ulong gross = 0;
        for (var i = 0; i < PartsPerBin; i++)
        {
            var part = held.Part(i);
            if (part == 0 || left == 0)
                continue;
            var capacity = InFor(zeroForOne, part, price);
            gross = checked(gross + (left >= capacity ? part : Math.Min(OutFor(zeroForOne, left, price), part)));
            left -= Math.Min(left, capacity);
        }

        var (used, fee) = (remaining, remaining - net);
        if (left > 0)
        {
            var filled = net - left;
            fee = onInput ? WideProduct.MulDivUp(filled, rate, VolatilityFee.One - rate) : 0;
            used = Math.Min(checked(filled + fee), remaining);
        }

        var outFee = onInput ? 0 : WideProduct.MulDivUp(gross, rate, VolatilityFee.One);
        remaining -= used;
        fill.AmountIn = checked(fill.AmountIn + used);
        fill.AmountOut = checked(fill.AmountOut + (gross - outFee));
        fill.Fee = checked(fill.Fee + fee + outFee);
    }

    private static void TakeOut(bool zeroForOne, UInt128 price, BinContents held, ulong rate, ref ulong remaining, ref VenueFill fill)
    {
        var onInput = !fill.FeeOnOutput;
        var total = WideProduct.NarrowTo64(held.Sum);
        var most = onInput ? total : total - WideProduct.MulDivUp(total, rate, VolatilityFee.One);
        var part = Math.Min(most, remaining);
        var gross = part == most ? total : onInput ? part : Math.Min(WideProduct.MulDivUp(part, VolatilityFee.One, VolatilityFee.One - rate), total);
        var (net, left) = (0UL, gross);
        for (var i = 0; i < PartsPerBin; i++)
        {
            var taken = Math.Min(held.Part(i), left);
            net = checked(net + InFor(zeroForOne, taken, price));
            left -= taken;
        }

        var fee = onInput ? WideProduct.MulDivUp(net, rate, VolatilityFee.One - rate) : gross - part;
        remaining -= part;
        fill.AmountIn = checked(fill.AmountIn + net + (onInput ? fee : 0));
        fill.AmountOut = checked(fill.AmountOut + part);
        fill.Fee = checked(fill.Fee + fee);
    }

    private static BinContents Held(in LiquidityBin bin, bool zeroForOne)
    {
        var meetsOrders = bin.Side == (zeroForOne ? BinOrders.Bids : BinOrders.Asks);
        return new BinContents(zeroForOne ? bin.Y : bin.X, meetsOrders ? bin.ProcessedOrders : 0, meetsOrders ? bin.OpenOrders : 0);
    }

    // X for y: ceil(out 2^64 / price); y for x: ceil(out price / 2^64).
    private static ulong InFor(bool zeroForOne, ulong amountOut, UInt128 price) =>
        zeroForOne
            ? WideProduct.NarrowTo64(WideProduct.CeilDiv((UInt128)amountOut << 64, price))
            : WideProduct.NarrowTo64(WideProduct.MulDivUp(price, amountOut, UInt128.One << 64));

    private static ulong OutFor(bool zeroForOne, ulong net, UInt128 price) =>
        zeroForOne
            ? (ulong)UInt128.Min(WideProduct.MulDivDown(price, net, UInt128.One << 64), ulong.MaxValue)
            : (ulong)UInt128.Min(((UInt128)net << 64) / price, ulong.MaxValue);

    // Index of the first bin in the direction of a swap: the active one or what follows it.
    private int Start(bool zeroForOne)
    {
        var (low, high) = (0, Bins.Length);
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (zeroForOne ? Bins[middle].Id <= ActiveId : Bins[middle].Id < ActiveId)
                low = middle + 1;
            else
                high = middle;
        }

        return zeroForOne ? low - 1 : low;
    }

    /// <summary>What a swap finds in a bin, in the order in which it takes it: liquidity, orders begun, orders untouched.</summary>
    private readonly record struct BinContents(ulong Own, ulong Processed, ulong Open)
    {
        public UInt128 Sum => (UInt128)Own + Processed + Open;

        public double Total => (double)Sum;

        public ulong Part(int index) => index == 0 ? Own : index == 1 ? Processed : Open;
    }

    /// <inheritdoc/>
    public bool Equals(DlmmState? other) =>
        other is not null && base.Equals(other) && ActiveId == other.ActiveId && BinStep == other.BinStep && Fees == other.Fees
        && VolatilityReference == other.VolatilityReference && IndexReference == other.IndexReference && FeeOnlyY == other.FeeOnlyY
        && ReserveX == other.ReserveX && ReserveY == other.ReserveY && FirstBin == other.FirstBin && LastBin == other.LastBin
        && StructuralEquality.Same(Bins, other.Bins);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(ActiveId, BinStep, ReserveX, ReserveY);
}
