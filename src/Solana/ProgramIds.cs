namespace QTrade.Solana;

/// <summary>Addresses of the programs that are known.</summary>
public static class ProgramIds
{
    /// <summary>SPL Token.</summary>
    public static Address Token { get; } = Address.Parse("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA");

    /// <summary>Token-2022.</summary>
    public static Address Token2022 { get; } = Address.Parse("TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb");

    /// <summary>Raydium AMM v4.</summary>
    public static Address RaydiumAmmV4 { get; } = Address.Parse("675kPX9MHTjS2zt1qfr1NYHuzeLXfQM9H24wFSUt1Mp8");

    /// <summary>Raydium CPMM.</summary>
    public static Address RaydiumCpmm { get; } = Address.Parse("CPMMoo8L3F4NbTegBCKVNunggL7H1ZpdTHKxQB5qKP1C");

    /// <summary>Raydium CLMM.</summary>
    public static Address RaydiumClmm { get; } = Address.Parse("CAMMCzo5YL8w4VFF8KVHrK22GGUsp5VTaW7grrKgrWqK");

    /// <summary>Orca Whirlpool.</summary>
    public static Address OrcaWhirlpool { get; } = Address.Parse("whirLbMiicVdio4qvUfM5KAg6Ct8VwpYzGff3uctyCc");

    /// <summary>Meteora DLMM.</summary>
    public static Address MeteoraDlmm { get; } = Address.Parse("LBUZKhRxPF3XUpBCjp4YzTKgLccjZhTSDM9YuVaPwxo");

    /// <summary>Meteora DAMM v1.</summary>
    public static Address MeteoraDammV1 { get; } = Address.Parse("Eo7WjKq67rjJQSZxS6z3YkapzY3eMj6Xy8X5EQVn5UaB");

    /// <summary>The lending vaults of Meteora DAMM v1.</summary>
    public static Address MeteoraVault { get; } = Address.Parse("24Uqj9JCLxUeoC3hGfh5W3s9FM9uCHDS2SG3LYwBpyTi");

    /// <summary>Meteora DAMM v2.</summary>
    public static Address MeteoraDammV2 { get; } = Address.Parse("cpamdpZCGKUy5JxQXB4dcpGPiikHawvSWAd6mEn1sGG");

    /// <summary>PumpSwap.</summary>
    public static Address PumpSwap { get; } = Address.Parse("pAMMBay6oceH9fJKBRHGP5D4bD4sWpmSwMn52FMfXEA");

    /// <summary>spl-token-swap.</summary>
    public static Address TokenSwap { get; } = Address.Parse("SwaPpA9LAaLfeLi3a68M4DjnLqgtticKg6CnyNwgAC8");

    /// <summary>Orca's first two programs are forks of spl-token-swap; this is v2.</summary>
    public static Address OrcaTokenSwap { get; } = Address.Parse("9W959DqEETiGZocYWCQPaJ6sBmUzgfxXfqGeTEdp3aQP");

    /// <summary>The account that holds slot, epoch and time.</summary>
    public static Address ClockSysvar { get; } = Address.Parse("SysvarC1ock11111111111111111111111111111111");

    /// <summary>The venue whose program this is, <see cref="Venue.None"/> for any other.</summary>
    public static Venue VenueOf(in Address program) =>
        program == OrcaWhirlpool ? Venue.OrcaWhirlpool
        : program == RaydiumAmmV4 ? Venue.RaydiumAmmV4
        : program == RaydiumCpmm ? Venue.RaydiumCpmm
        : program == RaydiumClmm ? Venue.RaydiumClmm
        : program == MeteoraDlmm ? Venue.MeteoraDlmm
        : program == MeteoraDammV2 ? Venue.MeteoraDammV2
        : program == MeteoraDammV1 ? Venue.MeteoraDammV1
        : program == PumpSwap ? Venue.PumpSwap
        : program == TokenSwap || program == OrcaTokenSwap ? Venue.TokenSwap
        : Venue.None;
}
