namespace QTrade.Markets.Venues;

/// <summary>
/// A pool of spl-token-swap or a fork, constant product. Trade and owner fee are max(1, floor(dx n / d)) each; y' = ceil(x y / (x + net)), then
/// x' = ceil(x y / y'): what is charged is x' - x and the fees, which may be less than what was offered. The reserves keep all of it.
/// </summary>
public sealed record TokenSwapState : ReserveState
{
    private const int FeeSteps = 4;

    /// <summary>Numerator of the trade fee, 0 for none.</summary>
    public required ulong TradeNumerator { get; init; }

    /// <summary>Denominator of the trade fee.</summary>
    public required ulong TradeDenominator { get; init; }

    /// <summary>Numerator of the owner's fee, 0 for none.</summary>
    public required ulong OwnerNumerator { get; init; }

    /// <summary>Denominator of the owner's fee.</summary>
    public required ulong OwnerDenominator { get; init; }

    /// <inheritdoc/>
    protected override bool HasSoundNumbers =>
        (TradeNumerator == 0 || TradeNumerator < TradeDenominator) && (OwnerNumerator == 0 || OwnerNumerator < OwnerDenominator)
        && CurveFees.Fee < 1;

    /// <inheritdoc/>
    protected override (double Fee, double FeeOut) CurveFees =>
        (Rate(TradeNumerator, TradeDenominator) + Rate(OwnerNumerator, OwnerDenominator), 0);

    /// <inheritdoc/>
    protected override VenueRefusal SwapIn(bool zeroForOne, ulong amountIn, ref VenueFill fill)
    {
        var (x, y) = Reserves(zeroForOne);
        var fees = Fees(amountIn);
        if (fees >= amountIn)
            return VenueRefusal.NothingReceived;
        var product = (UInt128)x * y;
        var after = (UInt128)x + (amountIn - fees);
        if (product < after)
            return VenueRefusal.NothingReceived;
        var newOut = WideProduct.CeilDiv(product, after);
        var newIn = WideProduct.CeilDiv(product, newOut);
        fill.AmountOut = (ulong)(y - newOut);
        fill.AmountIn = checked(WideProduct.NarrowTo64(newIn - x) + fees);
        fill.Fee = fees;
        SetPriceAfter(zeroForOne, ref fill);
        return fill.AmountOut == 0 || fill.AmountIn == fees ? VenueRefusal.NothingReceived : VenueRefusal.None;
    }

    /// <summary>The programs have no exact-out swap: the least offer that fetches the amount.</summary>
    protected override VenueRefusal SwapOut(bool zeroForOne, ulong amountOut, ref VenueFill fill)
    {
        var (x, y) = Reserves(zeroForOne);
        if (amountOut >= y || x == 0)
            return VenueRefusal.InsufficientLiquidity;
        var net = WideProduct.NarrowTo64(WideProduct.CeilDiv((UInt128)x * y, (UInt128)(y - amountOut)) - x);
        var (low, high) = (net, ulong.MaxValue);
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            if (Fees(middle) <= middle && middle - Fees(middle) >= net)
                high = middle;
            else
                low = middle + 1;
        }

        // Where both fees grow by one at once what is left falls by one, so that a lesser offer may do too.
        for (var step = 1; step <= FeeSteps && high > (ulong)step; step++)
        {
            var less = high - (ulong)step;
            if (Fees(less) <= less && less - Fees(less) >= net)
                low = less;
        }

        var refusal = SwapIn(zeroForOne, low, ref fill);
        return refusal == VenueRefusal.None && fill.AmountOut < amountOut ? VenueRefusal.InsufficientLiquidity : refusal;
    }

    private static double Rate(ulong numerator, ulong denominator) => numerator == 0 ? 0 : (double)numerator / denominator;

    private static ulong Fee(ulong amount, ulong numerator, ulong denominator) =>
        numerator == 0 || amount == 0 ? 0 : Math.Max(1, WideProduct.MulDivDown(amount, numerator, denominator));

    private ulong Fees(ulong amount) =>
        checked(Fee(amount, TradeNumerator, TradeDenominator) + Fee(amount, OwnerNumerator, OwnerDenominator));
}
