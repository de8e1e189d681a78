namespace QTrade.Markets.Venues;

/// <summary>
/// The integer state of a pool of a known venue, and the venue's own arithmetic: what <see cref="ExactIn"/> and <see cref="ExactOut"/> answer is
/// what the program on chain pays and takes, to the base unit. Immutable; two tokens, 0 and 1.
/// </summary>
public abstract record VenueState
{
    /// <summary>What a tender fetches.</summary>
    /// <param name="zeroForOne">Whether token 0 goes in.</param>
    /// <param name="amountIn">Base units that the trader sends.</param>
    /// <param name="fill">The swap.</param>
    public abstract VenueRefusal ExactIn(bool zeroForOne, ulong amountIn, out VenueFill fill);

    /// <summary>The least tender that fetches an amount.</summary>
    /// <param name="zeroForOne">Whether token 0 goes in.</param>
    /// <param name="amountOut">Base units that the trader is to receive.</param>
    /// <param name="fill">The swap.</param>
    public abstract VenueRefusal ExactOut(bool zeroForOne, ulong amountOut, out VenueFill fill);

    /// <summary>The state after a swap that this state answered.</summary>
    public abstract VenueState After(in VenueFill fill);

    /// <summary>Token 1 per token 0 in base units, before fees.</summary>
    public abstract double Price { get; }

    /// <summary>The pool as the solver sees it: a curve in doubles with fees, in base units, never more favourable than the venue.</summary>
    public abstract Pool ToPool(PoolId id, string dex, TokenId token0, TokenId token1);
}
