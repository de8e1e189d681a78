namespace QTrade.Solana.Rpc;

/// <summary>A subscription stands.</summary>
/// <param name="Account">Its account.</param>
/// <param name="Ends">How many times <see cref="SolanaSocket.UnsubscribeAsync"/> was called before it was asked for: by that one knows it from one that was ended since.</param>
public readonly record struct StandingSubscription(Address Account, long Ends);
