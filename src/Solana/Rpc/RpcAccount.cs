using QTrade.Solana.Feed;

namespace QTrade.Solana.Rpc;

/// <summary>The fields of an account as JSON gives them; no data for an account that does not exist.</summary>
internal struct RpcAccount
{
    public Address Owner;
    public ulong Lamports;
    public byte[]? Data;

    public readonly AccountUpdate At(Address address, AccountPosition at) =>
        Data is null ? AccountUpdate.Absent(address, at) : new AccountUpdate(address, at, Owner, Lamports, Data);
}
