using System.Collections.Immutable;
using QTrade.Node.Simulation;
using QTrade.Solana;

namespace QTrade.Node.Feeds;

/// <summary>Pools that a search found, and what kept it from finding all; null for nothing.</summary>
internal sealed record FeedPoolsFound(ImmutableArray<Address> Pools, string? Fault) : IFeedMessage;
