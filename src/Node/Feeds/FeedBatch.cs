using QTrade.Node.Simulation;
using QTrade.Solana.Rpc;

namespace QTrade.Node.Feeds;

/// <summary>What a connection told; no batch once it ended, and then why, where it is known.</summary>
internal sealed record FeedBatch(long Connection, SocketBatch? Batch, string? Fault = null) : IFeedMessage;
