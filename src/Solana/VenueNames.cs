namespace QTrade.Solana;

/// <summary>What venues are called in market files and settings.</summary>
public static class VenueNames
{
    /// <summary>The name, for instance <c>orca-whirlpool</c>.</summary>
    public static string Of(Venue venue) => venue switch
    {
        Venue.None => "none",
        Venue.RaydiumAmmV4 => "raydium-amm-v4",
        Venue.RaydiumCpmm => "raydium-cpmm",
        Venue.RaydiumClmm => "raydium-clmm",
        Venue.OrcaWhirlpool => "orca-whirlpool",
        Venue.MeteoraDlmm => "meteora-dlmm",
        Venue.MeteoraDammV1 => "meteora-damm-v1",
        Venue.MeteoraDammV2 => "meteora-damm-v2",
        Venue.PumpSwap => "pumpswap",
        Venue.TokenSwap => "token-swap",
        _ => throw new ArgumentOutOfRangeException(nameof(venue)),
    };
}
