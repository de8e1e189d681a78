namespace QTrade.Solana.Feed;

/// <summary>One account's whole state at a position: what a feed takes in and a tape keeps. Immutable; its bytes are not trusted.</summary>
public sealed class AccountUpdate
{
    /// <param name="address">Where the account is.</param>
    /// <param name="at">Where on the chain it was seen.</param>
    /// <param name="owner">The program that owns it.</param>
    /// <param name="lamports">Its balance; 0 for an account that does not exist.</param>
    /// <param name="data">Its bytes.</param>
    public AccountUpdate(Address address, AccountPosition at, Address owner, ulong lamports, byte[] data)
    {
        Address = address;
        At = at;
        Owner = owner;
        Lamports = lamports;
        Data = data;
    }

    private AccountUpdate(AccountUpdate same, AccountPosition at)
    {
        Address = same.Address;
        At = at;
        Owner = same.Owner;
        Lamports = same.Lamports;
        Data = same.Data;
    }

    /// <summary>Where the account is.</summary>
    public Address Address { get; }

    /// <summary>Where on the chain it was seen.</summary>
    public AccountPosition At { get; }

    /// <summary>The program that owns it.</summary>
    public Address Owner { get; }

    /// <summary>Its balance; 0 for an account that does not exist.</summary>
    public ulong Lamports { get; }

    /// <summary>Its bytes.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>Whether the chain has such an account.</summary>
    public bool Exists => Lamports > 0;

    /// <summary>An account that the chain was asked for and has not.</summary>
    public static AccountUpdate Absent(Address address, AccountPosition at) => new(address, at, default, 0, []);

    /// <summary>The same state, as the write that came next after a position.</summary>
    public AccountUpdate Behind(AccountPosition at) => new(this, at with { WriteVersion = at.WriteVersion + 1 });

    /// <summary>The account as decoders take it.</summary>
    public AccountView View => new(Address, Owner, Data.Span, Lamports);

    /// <summary>Whether both tell the same state, wherever they were seen.</summary>
    public bool SameState(AccountUpdate other) =>
        Owner == other.Owner && Lamports == other.Lamports && Data.Span.SequenceEqual(other.Data.Span);
}
