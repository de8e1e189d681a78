using System.Collections.Immutable;
using QTrade.Solana.Feed;

namespace QTrade.Solana.Rpc;

/// <summary>What a read of accounts answered: one entry per address asked for, in that order, absent ones included.</summary>
/// <param name="Slot">The slot they were read at.</param>
/// <param name="Accounts">The accounts, at write version 0.</param>
public sealed record RpcAccounts(ulong Slot, ImmutableArray<AccountUpdate> Accounts);
