namespace QTrade.Solana.Tokens;

/// <summary>An account of SPL Token or Token-2022 that holds tokens.</summary>
public readonly struct TokenAccount
{
    /// <summary>Its least length; Token-2022 appends extensions.</summary>
    public const int Size = 165;

    private const int AmountAt = 64;
    private const int StateAt = 108;
    private const byte Initialised = 1;

    /// <summary>The mint.</summary>
    public Address Mint { get; private init; }

    /// <summary>Base units in it.</summary>
    public ulong Amount { get; private init; }

    /// <summary>Reads an account; owner and length first. No allocation.</summary>
    public static PoolRefusal TryRead(in AccountView view, out TokenAccount account)
    {
        account = default;
        if (view.Owner != ProgramIds.Token && view.Owner != ProgramIds.Token2022)
            return PoolRefusal.WrongAccount;
        if (view.Data.Length < Size)
            return PoolRefusal.Truncated;
        account = new TokenAccount { Mint = Field.Address(view.Data, 0), Amount = Field.U64(view.Data, AmountAt) };
        return view.Data[StateAt] == Initialised ? PoolRefusal.None : PoolRefusal.FrozenVault;
    }
}
