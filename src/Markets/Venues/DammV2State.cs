using QTrade.Markets.Arithmetic;

namespace QTrade.Markets.Venues;

/// <summary>
/// A Meteora DAMM v2 pool: one range of constant liquidity L, scaled by 2^64, and a fee frozen at the clock. A for b: p' = ceil(L p / (L + in p)),
/// out = floor(L (p - p') / 2^128). B for a: p' = p + floor(in 2^128 / L), out = floor(L (p' - p) / (p' p)).
/// </summary>
public sealed record DammV2State : VenueState
{
    private const double Q64 = 18_446_744_073_709_551_616.0;

    /// <summary>The root of token b per token a, Q64.64.</summary>
    public required UInt128 SqrtPrice { get; init; }

    /// <summary>The lowest root.</summary>
    public required UInt128 SqrtPriceMin { get; init; }

    /// <summary>The highest root.</summary>
    public required UInt128 SqrtPriceMax { get; init; }

    /// <summary>L times 2^64.</summary>
    public required UInt128 Liquidity { get; init; }

    /// <summary>The fee in billionths.</summary>
    public required ulong FeeNumerator { get; init; }

    /// <summary>Whether fees are taken in token b only; else from what comes out.</summary>
    public required bool FeeOnlyB { get; init; }

    /// <summary>Whether a swap changes the next one's fee.</summary>
    public required bool FeeFollowsVolatility { get; init; }

    /// <summary>Whether a fee that follows volatility is unknown because a swap went before.</summary>
    public bool IsFeeUnknown { get; init; }

    /// <inheritdoc/>
    public override double Price
    {
        get
        {
            var root = (double)SqrtPrice / Q64;
            return root * root;
        }
    }

    /// <inheritdoc/>
    protected override bool HasSoundNumbers =>
        FeeNumerator < VolatilityFee.One
        && SqrtPriceMin >= OrcaTicks.SqrtPriceMin && SqrtPriceMax <= RaydiumTicks.SqrtPriceMax && SqrtPriceMin < SqrtPriceMax
        && SqrtPrice >= SqrtPriceMin && SqrtPrice <= SqrtPriceMax;

    /// <inheritdoc/>
    protected override (double Fee, double FeeOut) CurveFees => (0, FeeOnlyB ? 0 : FeeRate);

    /// <inheritdoc/>
    protected override (double Of0, double Of1) TokenFees => FeeOnlyB ? (0, FeeRate) : default;

    /// <inheritdoc/>
    protected override (double Of0, double Of1) TokenFeesOut => TokenFees;

    private double FeeRate => FeeNumerator / (double)VolatilityFee.One;

    /// <inheritdoc/>
    public override PoolCurve ToCurve()
    {
        var (low, high) = ((double)SqrtPriceMin / Q64, (double)SqrtPriceMax / Q64);
        return new ConcentratedCurve(Price, [low * low, high * high], [(double)Liquidity / Q64]);
    }

    /// <inheritdoc/>
    public override VenueState After(in VenueFill fill) => this with { SqrtPrice = fill.SqrtPriceAfter, IsFeeUnknown = FeeFollowsVolatility };

    private bool FeeOnInput(bool zeroForOne) => FeeOnlyB && !zeroForOne;

    /// <inheritdoc/>
    protected override VenueRefusal SwapIn(bool zeroForOne, ulong amountIn, ref VenueFill fill)
    {
        if (IsFeeUnknown)
            return VenueRefusal.Disabled;
        if (Liquidity == UInt128.Zero)
            return VenueRefusal.InsufficientLiquidity;
        var onInput = FeeOnInput(zeroForOne);
        fill.Fee = onInput ? WideProduct.MulDivUp(amountIn, FeeNumerator, VolatilityFee.One) : 0;
        var net = amountIn - fill.Fee;
        var next = zeroForOne ? AfterA(net, goesIn: true) : AfterB(net, goesIn: true);
        if (next < SqrtPriceMin || next > SqrtPriceMax)
            return VenueRefusal.PriceLimit;
        var gross = zeroForOne ? AmountB(next, SqrtPrice, roundUp: false) : AmountA(SqrtPrice, next, roundUp: false);
        if (!onInput)
            fill.Fee = WideProduct.MulDivUp(gross, FeeNumerator, VolatilityFee.One);
        fill.AmountIn = amountIn;
        fill.AmountOut = onInput ? gross : gross - fill.Fee;
        Finish(next, onInput, ref fill);
        return fill.AmountOut == 0 ? VenueRefusal.NothingReceived : VenueRefusal.None;
    }

    /// <inheritdoc/>
    protected override VenueRefusal SwapOut(bool zeroForOne, ulong amountOut, ref VenueFill fill)
    {
        if (IsFeeUnknown)
            return VenueRefusal.Disabled;
        if (Liquidity == UInt128.Zero)
            return VenueRefusal.InsufficientLiquidity;
        var onInput = FeeOnInput(zeroForOne);
        var gross = onInput ? amountOut : WideProduct.MulDivUp(amountOut, VolatilityFee.One, VolatilityFee.One - FeeNumerator);
        var next = zeroForOne ? AfterB(gross, goesIn: false) : AfterA(gross, goesIn: false);
        if (next < SqrtPriceMin || next > SqrtPriceMax)
            return VenueRefusal.PriceLimit;
        var net = zeroForOne ? AmountA(next, SqrtPrice, roundUp: true) : AmountB(SqrtPrice, next, roundUp: true);
        fill.AmountIn = onInput ? WideProduct.MulDivUp(net, VolatilityFee.One, VolatilityFee.One - FeeNumerator) : net;
        fill.Fee = onInput ? fill.AmountIn - net : gross - amountOut;
        fill.AmountOut = amountOut;
        Finish(next, onInput, ref fill);
        return VenueRefusal.None;
    }

    private static void Finish(UInt128 next, bool onInput, ref VenueFill fill)
    {
        var root = (double)next / Q64;
        fill.FeeOnOutput = !onInput;
        fill.SqrtPriceAfter = next;
        fill.PriceAfter = root * root;
        fill.Crossings = 1;
    }

    private UInt128 AfterA(ulong amount, bool goesIn)
    {
        var product = WideProduct.Multiply(SqrtPrice, amount);
        var liquidity = WideProduct.Widen(Liquidity);
        return WideProduct.Narrow(UInt256.MulDivUp(liquidity, WideProduct.Widen(SqrtPrice), goesIn ? liquidity + product : liquidity - product));
    }

    private UInt128 AfterB(ulong amount, bool goesIn)
    {
        var shifted = new UInt256(0, 0, amount, 0);
        var liquidity = WideProduct.Widen(Liquidity);
        return checked(goesIn
            ? SqrtPrice + WideProduct.Narrow(UInt256.MulDivDown(shifted, UInt256.One, liquidity))
            : SqrtPrice - WideProduct.Narrow(UInt256.MulDivUp(shifted, UInt256.One, liquidity)));
    }

    private ulong AmountA(UInt128 low, UInt128 high, bool roundUp)
    {
        var (l, d, product) = (WideProduct.Widen(Liquidity), WideProduct.Widen(high - low), WideProduct.Multiply(low, high));
        return WideProduct.NarrowTo64(WideProduct.Narrow(roundUp ? UInt256.MulDivUp(l, d, product) : UInt256.MulDivDown(l, d, product)));
    }

    private ulong AmountB(UInt128 low, UInt128 high, bool roundUp)
    {
        var (l, d) = (WideProduct.Widen(Liquidity), WideProduct.Widen(high - low));
        return WideProduct.NarrowTo64(WideProduct.Narrow(roundUp ? UInt256.MulShiftUp(l, d, 128) : UInt256.MulShiftDown(l, d, 128)));
    }
}
