namespace QTrade.Solana.Pump;

/// <summary>The account of a PumpSwap pool (at least 211 bytes). It is decoded only: its formula was read, never executed.</summary>
public readonly struct PumpSwapAccount
{
    /// <summary>Its least length; newer accounts go on.</summary>
    public const int Size = 211;

    private const ulong Tag = 0xf19a6d0411b16dbc;
    private const int CoinCreatorEnd = 243;

    /// <summary>The base mint.</summary>
    public Address BaseMint { get; private init; }

    /// <summary>The quote mint.</summary>
    public Address QuoteMint { get; private init; }

    /// <summary>The vault of the base mint.</summary>
    public Address BaseVault { get; private init; }

    /// <summary>The vault of the quote mint.</summary>
    public Address QuoteVault { get; private init; }

    /// <summary>Who gets the creator's fee; zero in older accounts.</summary>
    public Address CoinCreator { get; private init; }

    /// <summary>Reads the bytes of an account that the program owns; no allocation.</summary>
    public static PoolRefusal TryRead(ReadOnlySpan<byte> data, out PumpSwapAccount account)
    {
        account = default;
        if (!Field.HasTag(data, Tag))
            return data.Length < sizeof(ulong) ? PoolRefusal.Truncated : PoolRefusal.NotAPool;
        if (data.Length < Size)
            return PoolRefusal.Truncated;
        account = new PumpSwapAccount
        {
            BaseMint = Field.Address(data, 43),
            QuoteMint = Field.Address(data, 75),
            BaseVault = Field.Address(data, 139),
            QuoteVault = Field.Address(data, 171),
            CoinCreator = data.Length < CoinCreatorEnd ? Address.Zero : Field.Address(data, 211),
        };
        return PoolRefusal.None;
    }
}
