namespace QTrade.Solana.Feed;

/// <summary>An account that a feed has to read.</summary>
/// <param name="Address">Where it is.</param>
/// <param name="Subscribe">Whether to subscribe to it first: all that trading or an authority changes, but no mint.</param>
public readonly record struct WantedAccount(Address Address, bool Subscribe);
