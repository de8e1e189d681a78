using System.Collections.Immutable;
using QTrade.Node.Simulation;
using QTrade.Solana;
using QTrade.Solana.Rpc;

namespace QTrade.Node.Feeds;

/// <summary>A read of accounts ended.</summary>
internal sealed record FeedAccountsRead(long Connection, ImmutableArray<Address> Asked, RpcResult<RpcAccounts> Result) : IFeedMessage;
