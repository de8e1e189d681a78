using System.Collections.Immutable;
using QTrade.Node.Simulation;
using QTrade.Solana;
using QTrade.Solana.Rpc;

namespace QTrade.Node.Feeds;

/// <summary>A read of accounts ended: with an answer, or with what kept it from one, in one line.</summary>
internal sealed record FeedAccountsRead(long Connection, ImmutableArray<Address> Asked, RpcAccounts? Answer, string? Fault) : IFeedMessage;
