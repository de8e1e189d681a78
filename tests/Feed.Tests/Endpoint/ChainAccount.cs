using QTrade.Solana;

namespace QTrade.Feed.Tests.Endpoint;

/// <summary>An account as the endpoint keeps it.</summary>
public sealed record ChainAccount(Address Owner, ulong Lamports, byte[] Data);
