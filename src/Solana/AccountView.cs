namespace QTrade.Solana;

/// <summary>One account as a node gives it: nothing in it is trusted.</summary>
/// <param name="address">Where it is.</param>
/// <param name="owner">The program that owns it.</param>
/// <param name="data">Its bytes.</param>
/// <param name="lamports">Its balance; 0 for an account that does not exist.</param>
public readonly ref struct AccountView(Address address, Address owner, ReadOnlySpan<byte> data, ulong lamports)
{
    /// <summary>Where it is.</summary>
    public Address Address { get; } = address;

    /// <summary>The program that owns it.</summary>
    public Address Owner { get; } = owner;

    /// <summary>Its bytes.</summary>
    public ReadOnlySpan<byte> Data { get; } = data;

    /// <summary>Its balance in lamports.</summary>
    public ulong Lamports { get; } = lamports;
}
