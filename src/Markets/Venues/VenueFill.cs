namespace QTrade.Markets.Venues;

/// <summary>One swap as a venue settles it, in base units.</summary>
public struct VenueFill
{
    /// <summary>Whether token 0 went in.</summary>
    public bool ZeroForOne { get; set; }

    /// <summary>What the trader sends. It may be less than what was offered.</summary>
    public ulong AmountIn { get; set; }

    /// <summary>What the trader receives.</summary>
    public ulong AmountOut { get; set; }

    /// <summary>What arrives in the venue's vault: less than <see cref="AmountIn"/> by the mint's transfer fee.</summary>
    public ulong VaultIn { get; set; }

    /// <summary>What leaves the venue's vault: more than <see cref="AmountOut"/> by the mint's transfer fee.</summary>
    public ulong VaultOut { get; set; }

    /// <summary>The venue's fee, in the token that goes in, or, where <see cref="FeeOnOutput"/>, in the one that comes out.</summary>
    public ulong Fee { get; set; }

    /// <summary>Whether the fee was taken from what comes out.</summary>
    public bool FeeOnOutput { get; set; }

    /// <summary>What a creator gets of what comes out: it leaves the reserves beside what leaves the vault (Raydium CPMM).</summary>
    public ulong CreatorFeeOut { get; set; }

    /// <summary>Token 1 per token 0 after the swap, before fees.</summary>
    public double PriceAfter { get; set; }

    /// <summary>Ticks, bins or hops that were crossed.</summary>
    public int Crossings { get; set; }

    /// <summary>Square root of the price after the swap, Q64.64; 0 where the venue keeps none.</summary>
    public UInt128 SqrtPriceAfter { get; set; }

    /// <summary>Liquidity in range after the swap; 0 where the venue keeps none.</summary>
    public UInt128 LiquidityAfter { get; set; }

    /// <summary>Whether <see cref="TickAfter"/> is set: the swap ended on a tick, or the venue keeps an active bin.</summary>
    public bool IsOnTick { get; set; }

    /// <summary>The active bin, or the tick that the program holds, after a swap that ended on a tick.</summary>
    public int TickAfter { get; set; }
}
