namespace QTrade.Markets.Venues;

/// <summary>
/// A Raydium AMM v4 pool without an order book. In: fee = ceil(dx num / den), n = dx - fee, out = floor(y n / (x + n)). Out: n = ceil(x dy /
/// (y - dy)), dx = ceil(n den / (den - num)). Fees stay in the reserves.
/// </summary>
public sealed record AmmV4State : ReserveState
{
    /// <summary>Numerator of the fee on what goes in, below the denominator.</summary>
    public required ulong FeeNumerator { get; init; }

    /// <summary>Denominator of that fee, above 0.</summary>
    public required ulong FeeDenominator { get; init; }

    /// <inheritdoc/>
    protected override bool HasSoundNumbers => FeeNumerator < FeeDenominator;

    /// <inheritdoc/>
    protected override (double Fee, double FeeOut) CurveFees => ((double)FeeNumerator / FeeDenominator, 0);

    /// <inheritdoc/>
    protected override VenueRefusal SwapIn(bool zeroForOne, ulong amountIn, ref VenueFill fill)
    {
        var (reserveIn, reserveOut) = Reserves(zeroForOne);
        fill.Fee = WideProduct.MulDivUp(amountIn, FeeNumerator, FeeDenominator);
        fill.AmountIn = amountIn;
        fill.AmountOut = ConstantProduct.OutFor(reserveIn, reserveOut, amountIn - fill.Fee);
        SetPriceAfter(zeroForOne, ref fill);
        return fill.AmountOut == 0 ? VenueRefusal.NothingReceived : VenueRefusal.None;
    }

    /// <inheritdoc/>
    protected override VenueRefusal SwapOut(bool zeroForOne, ulong amountOut, ref VenueFill fill)
    {
        var (reserveIn, reserveOut) = Reserves(zeroForOne);
        if (amountOut >= reserveOut)
            return VenueRefusal.InsufficientLiquidity;
        var net = ConstantProduct.InFor(reserveIn, reserveOut, amountOut);
        fill.AmountIn = WideProduct.MulDivUp(net, FeeDenominator, FeeDenominator - FeeNumerator);
        fill.AmountOut = amountOut;
        fill.Fee = fill.AmountIn - net;
        SetPriceAfter(zeroForOne, ref fill);
        return VenueRefusal.None;
    }
}
