namespace QTrade.Solana.Orca;

/// <summary>The account of an Orca Whirlpool (653 bytes).</summary>
public readonly struct WhirlpoolAccount
{
    /// <summary>Its length.</summary>
    public const int Size = 653;

    private const ulong Tag = 0x3f95d10ce1806309;
    private const int TickSpacingAt = 41;
    private const int FeeTierIndexAt = 43;
    private const int FeeRateAt = 45;
    private const int LiquidityAt = 49;
    private const int SqrtPriceAt = 65;
    private const int TickAt = 81;
    private const int MintAAt = 101;
    private const int VaultAAt = 133;
    private const int MintBAt = 181;
    private const int VaultBAt = 213;
    private const int RewardTimeAt = 261;

    /// <summary>Distance between usable ticks.</summary>
    public ushort TickSpacing { get; private init; }

    /// <summary>Differs from the tick spacing where the fee is adaptive.</summary>
    public ushort FeeTierIndex { get; private init; }

    /// <summary>The fee in millionths.</summary>
    public ushort FeeRate { get; private init; }

    /// <summary>L in range.</summary>
    public UInt128 Liquidity { get; private init; }

    /// <summary>The root of token b per token a, Q64.64.</summary>
    public UInt128 SqrtPrice { get; private init; }

    /// <summary>The tick of the price.</summary>
    public int Tick { get; private init; }

    /// <summary>Mint of token a.</summary>
    public Address MintA { get; private init; }

    /// <summary>Mint of token b.</summary>
    public Address MintB { get; private init; }

    /// <summary>Vault of token a.</summary>
    public Address VaultA { get; private init; }

    /// <summary>Vault of token b.</summary>
    public Address VaultB { get; private init; }

    /// <summary>Unix time of the last reward update; the program fails at an earlier clock.</summary>
    public ulong RewardTime { get; private init; }

    /// <summary>Reads the bytes of an account that the program owns; no allocation.</summary>
    public static PoolRefusal TryRead(ReadOnlySpan<byte> data, out WhirlpoolAccount account)
    {
        account = default;
        if (!Field.HasTag(data, Tag))
            return data.Length < sizeof(ulong) ? PoolRefusal.Truncated : PoolRefusal.NotAPool;
        if (data.Length < Size)
            return PoolRefusal.Truncated;
        account = new WhirlpoolAccount
        {
            TickSpacing = Field.U16(data, TickSpacingAt),
            FeeTierIndex = Field.U16(data, FeeTierIndexAt),
            FeeRate = Field.U16(data, FeeRateAt),
            Liquidity = Field.U128(data, LiquidityAt),
            SqrtPrice = Field.U128(data, SqrtPriceAt),
            Tick = Field.I32(data, TickAt),
            MintA = Field.Address(data, MintAAt),
            MintB = Field.Address(data, MintBAt),
            VaultA = Field.Address(data, VaultAAt),
            VaultB = Field.Address(data, VaultBAt),
            RewardTime = Field.U64(data, RewardTimeAt),
        };
        return PoolRefusal.None;
    }
}
