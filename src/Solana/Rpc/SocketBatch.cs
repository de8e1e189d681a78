using System.Collections.Immutable;
using QTrade.Solana.Feed;

namespace QTrade.Solana.Rpc;

/// <summary>What a socket read since the last batch, in its order.</summary>
/// <param name="Updates">Accounts that changed, at write version 1.</param>
/// <param name="Subscribed">Subscriptions that stand since.</param>
/// <param name="Refused">Accounts whose subscription the endpoint refused.</param>
/// <param name="Unreadable">Accounts of which something was told that cannot be read.</param>
public sealed record SocketBatch(
    ImmutableArray<AccountUpdate> Updates, ImmutableArray<StandingSubscription> Subscribed, ImmutableArray<Address> Refused, ImmutableArray<Address> Unreadable)
{
    /// <summary>Why the first of <see cref="Refused"/> was, in one line; null where none was.</summary>
    public string? Refusal { get; init; }
}
