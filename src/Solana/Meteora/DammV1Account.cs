namespace QTrade.Solana.Meteora;

/// <summary>The account of a Meteora DAMM v1 pool (at least 875 bytes). It is decoded only: quotes need seven accounts and rules that were never executed.</summary>
public readonly struct DammV1Account
{
    /// <summary>Its least length.</summary>
    public const int Size = 875;

    private const ulong Tag = 0xf19a6d0411b16dbc;

    /// <summary>Mint of token a.</summary>
    public Address MintA { get; private init; }

    /// <summary>Mint of token b.</summary>
    public Address MintB { get; private init; }

    /// <summary>Lending vault of token a.</summary>
    public Address VaultA { get; private init; }

    /// <summary>Lending vault of token b.</summary>
    public Address VaultB { get; private init; }

    /// <summary>The pool's shares of vault a.</summary>
    public Address SharesA { get; private init; }

    /// <summary>The pool's shares of vault b.</summary>
    public Address SharesB { get; private init; }

    /// <summary>Whether it is switched on.</summary>
    public bool IsEnabled { get; private init; }

    /// <summary>Numerator of the trade fee.</summary>
    public ulong FeeNumerator { get; private init; }

    /// <summary>Denominator of the trade fee.</summary>
    public ulong FeeDenominator { get; private init; }

    /// <summary>Whether the curve is stable; else constant product.</summary>
    public bool IsStable { get; private init; }

    /// <summary>Reads the bytes of an account that the program owns; no allocation.</summary>
    public static PoolRefusal TryRead(ReadOnlySpan<byte> data, out DammV1Account account)
    {
        account = default;
        if (!Field.HasTag(data, Tag))
            return data.Length < sizeof(ulong) ? PoolRefusal.Truncated : PoolRefusal.NotAPool;
        if (data.Length < Size)
            return PoolRefusal.Truncated;
        account = new DammV1Account
        {
            MintA = Field.Address(data, 40),
            MintB = Field.Address(data, 72),
            VaultA = Field.Address(data, 104),
            VaultB = Field.Address(data, 136),
            SharesA = Field.Address(data, 168),
            SharesB = Field.Address(data, 200),
            IsEnabled = data[233] != 0,
            FeeNumerator = Field.U64(data, 330),
            FeeDenominator = Field.U64(data, 338),
            IsStable = data[874] != 0,
        };
        return PoolRefusal.None;
    }
}
