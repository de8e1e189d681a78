namespace QTrade.Markets.Venues;

/// <summary>
/// A Raydium CPMM pool. Rates count millionths; protocol and fund rates are shares of the trade fee. A creator's fee is taken from what goes in or,
/// where only the other token pays it, from what comes out.
/// </summary>
public sealed record CpmmState : ReserveState
{
    private const ulong One = 1_000_000;

    /// <summary>The trade fee on what goes in.</summary>
    public required ulong TradeRate { get; init; }

    /// <summary>The creator's fee, 0 where it is off.</summary>
    public required ulong CreatorRate { get; init; }

    /// <summary>What pays the creator's fee.</summary>
    public required CreatorFeeSide CreatorFeeOn { get; init; }

    /// <summary>The part of the trade fee that leaves the reserves: protocol and fund.</summary>
    public required ulong ProtocolShare { get; init; }

    /// <summary>The fund's share of the trade fee.</summary>
    public required ulong FundShare { get; init; }

    /// <inheritdoc/>
    protected override bool HasSoundNumbers =>
        TradeRate < One && CreatorRate < One - TradeRate && ProtocolShare <= One && FundShare <= One
        && CreatorFeeOn is CreatorFeeSide.Input or CreatorFeeSide.Token0 or CreatorFeeSide.Token1;

    /// <inheritdoc/>
    protected override (double Fee, double FeeOut) CurveFees =>
        ((TradeRate / (double)One) + (CreatorFeeOn == CreatorFeeSide.Input ? CreatorRate / (double)One : 0), 0);

    // Of what goes in both rates are taken at once: t + c is t, and c / (1 - t) of what is left.
    /// <inheritdoc/>
    protected override (double Of0, double Of1) TokenFees => OfCreatorsToken(CreatorRate / (double)(One - TradeRate));

    /// <inheritdoc/>
    protected override (double Of0, double Of1) TokenFeesOut => OfCreatorsToken(CreatorRate / (double)One);

    private (double Of0, double Of1) OfCreatorsToken(double fee) => CreatorFeeOn switch
    {
        CreatorFeeSide.Token0 => (fee, 0),
        CreatorFeeSide.Token1 => (0, fee),
        _ => default,
    };

    private bool PaysOnInput(bool zeroForOne) => CreatorFeeOn switch
    {
        CreatorFeeSide.Input => true,
        CreatorFeeSide.Token0 => zeroForOne,
        CreatorFeeSide.Token1 => !zeroForOne,
        _ => throw new OverflowException("a creator's fee on no known side"),
    };

    /// <inheritdoc/>
    protected override VenueRefusal SwapIn(bool zeroForOne, ulong amountIn, ref VenueFill fill)
    {
        var (reserveIn, reserveOut) = Reserves(zeroForOne);
        var onInput = PaysOnInput(zeroForOne);
        fill.Fee = WideProduct.MulDivUp(amountIn, onInput ? TradeRate + CreatorRate : TradeRate, One);
        fill.AmountIn = amountIn;
        var gross = ConstantProduct.OutFor(reserveIn, reserveOut, amountIn - fill.Fee);
        fill.CreatorFeeOut = onInput ? 0 : WideProduct.MulDivUp(gross, CreatorRate, One);
        fill.AmountOut = gross - fill.CreatorFeeOut;
        SetPriceAfter(zeroForOne, ref fill);
        return fill.AmountOut == 0 ? VenueRefusal.NothingReceived : VenueRefusal.None;
    }

    /// <inheritdoc/>
    protected override VenueRefusal SwapOut(bool zeroForOne, ulong amountOut, ref VenueFill fill)
    {
        var (reserveIn, reserveOut) = Reserves(zeroForOne);
        var onInput = PaysOnInput(zeroForOne);
        var wanted = onInput ? amountOut : WideProduct.MulDivUp(amountOut, One, One - CreatorRate);
        if (wanted >= reserveOut)
            return VenueRefusal.InsufficientLiquidity;
        var net = ConstantProduct.InFor(reserveIn, reserveOut, wanted);
        fill.AmountIn = WideProduct.MulDivUp(net, One, One - TradeRate - (onInput ? CreatorRate : 0));
        fill.AmountOut = amountOut;
        fill.CreatorFeeOut = wanted - amountOut;
        fill.Fee = fill.AmountIn - net;
        SetPriceAfter(zeroForOne, ref fill);
        return VenueRefusal.None;
    }

    /// <inheritdoc/>
    protected override (ulong Added, ulong Taken) Moves(in VenueFill fill)
    {
        var onInput = PaysOnInput(fill.ZeroForOne);
        var rates = TradeRate + (onInput ? CreatorRate : 0);
        var creatorIn = onInput && rates > 0 ? WideProduct.MulDivDown(fill.Fee, CreatorRate, rates) : 0;
        var trade = fill.Fee - creatorIn;
        var leaves = WideProduct.MulDivDown(trade, ProtocolShare, One) + WideProduct.MulDivDown(trade, FundShare, One) + creatorIn;
        return (fill.VaultIn - Math.Min(leaves, fill.VaultIn), fill.VaultOut + fill.CreatorFeeOut);
    }
}
