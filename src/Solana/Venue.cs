namespace QTrade.Solana;

/// <summary>A program whose pools are known.</summary>
public enum Venue
{
    /// <summary>Not a pool of a program that is known.</summary>
    None,

    /// <summary>Raydium AMM v4.</summary>
    RaydiumAmmV4,

    /// <summary>Raydium CPMM.</summary>
    RaydiumCpmm,

    /// <summary>Raydium CLMM.</summary>
    RaydiumClmm,

    /// <summary>Orca Whirlpool.</summary>
    OrcaWhirlpool,

    /// <summary>Meteora DLMM.</summary>
    MeteoraDlmm,

    /// <summary>Meteora DAMM v1: decoded, not quoted.</summary>
    MeteoraDammV1,

    /// <summary>Meteora DAMM v2.</summary>
    MeteoraDammV2,

    /// <summary>PumpSwap: decoded, not quoted.</summary>
    PumpSwap,

    /// <summary>spl-token-swap and its forks, Orca v2 among them.</summary>
    TokenSwap,
}
