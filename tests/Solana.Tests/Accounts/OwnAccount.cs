namespace QTrade.Solana.Tests.Accounts;

/// <summary>An account that a spec made by hand.</summary>
internal readonly record struct OwnAccount(Address Address, Address Owner, byte[] Data);
