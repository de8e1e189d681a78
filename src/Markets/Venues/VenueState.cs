using System.Collections.Immutable;

namespace QTrade.Markets.Venues;

/// <summary>
/// The integer state of a pool of a known venue, and the venue's own arithmetic: what <see cref="ExactIn"/> and <see cref="ExactOut"/> answer is
/// what the program on chain pays and takes, to the base unit. Immutable; two tokens, 0 and 1.
/// </summary>
public abstract record VenueState
{
    /// <summary>Most ticks or bins that an observed state may hold, several times what the accounts of one plan do.</summary>
    public const int LiquidityEntriesMax = 4096;

    private const double FeeMax = 1 - 1e-9;

    /// <summary>What transfers of token 0 cost.</summary>
    public TransferFee TransferFee0 { get; init; }

    /// <summary>What transfers of token 1 cost.</summary>
    public TransferFee TransferFee1 { get; init; }

    /// <summary>Token 1 per token 0 in base units, before fees.</summary>
    public abstract double Price { get; }

    /// <summary>Ticks or bins that it holds, 0 for a venue without them.</summary>
    public virtual int LiquidityEntries => 0;

    /// <summary>
    /// Whether its numbers are such as a venue can have, which its arithmetic rests on: rates below 1, prices within the program's, ticks in
    /// reach. Decoders of accounts give no others; bytes from elsewhere are asked.
    /// </summary>
    public bool IsSound => TransferFee0.IsSound && TransferFee1.IsSound && HasSoundNumbers;

    /// <summary>The same of the venue's own numbers.</summary>
    protected abstract bool HasSoundNumbers { get; }

    /// <summary>What a tender fetches.</summary>
    /// <param name="zeroForOne">Whether token 0 goes in.</param>
    /// <param name="amountIn">Base units that the trader sends.</param>
    /// <param name="fill">The swap.</param>
    public VenueRefusal ExactIn(bool zeroForOne, ulong amountIn, out VenueFill fill)
    {
        fill = default;
        if (amountIn == 0)
            return VenueRefusal.ZeroAmount;
        try
        {
            var (feeIn, feeOut) = TransferFees(zeroForOne);
            var arrives = feeIn.Net(amountIn);
            if (arrives == 0)
                return VenueRefusal.NothingReceived;
            var refusal = SwapIn(zeroForOne, arrives, ref fill);
            fill.ZeroForOne = zeroForOne;
            // A swap that takes less than what was offered draws only that.
            fill.VaultIn = fill.AmountIn;
            fill.AmountIn = fill.AmountIn == arrives ? amountIn : feeIn.Gross(fill.AmountIn);
            fill.VaultOut = fill.AmountOut;
            fill.AmountOut = feeOut.Net(fill.AmountOut);
            return refusal;
        }
        catch (OverflowException)
        {
            return VenueRefusal.Overflow;
        }
    }

    /// <summary>The least tender that fetches an amount.</summary>
    /// <param name="zeroForOne">Whether token 0 goes in.</param>
    /// <param name="amountOut">Base units that the trader is to receive; where rounding gives a unit more, the fill says so.</param>
    /// <param name="fill">The swap.</param>
    public VenueRefusal ExactOut(bool zeroForOne, ulong amountOut, out VenueFill fill)
    {
        fill = default;
        if (amountOut == 0)
            return VenueRefusal.ZeroAmount;
        try
        {
            var (feeIn, feeOut) = TransferFees(zeroForOne);
            var refusal = SwapOut(zeroForOne, feeOut.Gross(amountOut), ref fill);
            fill.ZeroForOne = zeroForOne;
            fill.VaultIn = fill.AmountIn;
            fill.AmountIn = feeIn.Gross(fill.AmountIn);
            fill.VaultOut = fill.AmountOut;
            fill.AmountOut = feeOut.Net(fill.AmountOut);
            return refusal;
        }
        catch (OverflowException)
        {
            return VenueRefusal.Overflow;
        }
    }

    /// <summary>The state after a swap that this state answered.</summary>
    /// <exception cref="OverflowException">A balance passes 64 bits, which no account of the program lets happen.</exception>
    public abstract VenueState After(in VenueFill fill);

    /// <summary>
    /// The pool as the solver sees it: a curve in doubles with fees, in base units. Where it cannot be the venue's own terms, because a transfer
    /// fee is capped, it is less favourable, never more. Where a transfer fee may take all of what is sent it takes no tender.
    /// </summary>
    public Pool ToPool(PoolId id, string dex, TokenId token0, TokenId token1)
    {
        var (fee, feeOut) = CurveFees;
        var (in0, in1) = TokenFees;
        var (out0, out1) = TokenFeesOut;
        return new Pool
        {
            Id = id,
            Dex = dex,
            Tokens = [token0, token1],
            Fee = fee,
            FeeOut = feeOut,
            TokenFees = [Both(in0, TransferFee0.Rate), Both(in1, TransferFee1.Rate)],
            TokenFeesOut = [Both(out0, TransferFee0.Rate), Both(out1, TransferFee1.Rate)],
            MaxTender = Math.Max(TransferFee0.Rate, TransferFee1.Rate) > FeeMax ? [0, 0] : MaxTender,
            Curve = ToCurve(),
            Venue = this,
        };
    }

    /// <summary>The trading function in doubles, in base units.</summary>
    public abstract PoolCurve ToCurve();

    /// <summary>The venue's fees as the curve has them, whichever token it is: on what goes in, on what comes out.</summary>
    protected abstract (double Fee, double FeeOut) CurveFees { get; }

    /// <summary>The venue's fees on what goes in of each token, on what <see cref="CurveFees"/> leaves.</summary>
    protected virtual (double Of0, double Of1) TokenFees => default;

    /// <summary>The venue's fees on what comes out of each token, likewise.</summary>
    protected virtual (double Of0, double Of1) TokenFeesOut => default;

    /// <summary>Trading bounds, empty for none.</summary>
    protected virtual ImmutableArray<double> MaxTender => [];

    /// <summary>The venue's swap of what arrives in its vault; <see cref="VenueFill.AmountOut"/> is what leaves its vault.</summary>
    /// <exception cref="OverflowException">A number passes what the program holds.</exception>
    protected abstract VenueRefusal SwapIn(bool zeroForOne, ulong amountIn, ref VenueFill fill);

    /// <summary>The venue's swap for what leaves its vault; <see cref="VenueFill.AmountIn"/> is what has to arrive.</summary>
    /// <exception cref="OverflowException">A number passes what the program holds.</exception>
    protected abstract VenueRefusal SwapOut(bool zeroForOne, ulong amountOut, ref VenueFill fill);

    private static double Both(double fee, double transferFee) => Math.Min(fee + transferFee - (fee * transferFee), FeeMax);

    private (TransferFee In, TransferFee Out) TransferFees(bool zeroForOne) =>
        zeroForOne ? (TransferFee0, TransferFee1) : (TransferFee1, TransferFee0);
}
