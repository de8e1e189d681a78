using QTrade.Node.Actors;

namespace QTrade.Node.Cluster;

/// <summary>Everything delivered of a shard is durable and acknowledged, and its pools have stopped.</summary>
internal sealed record ShardDrained(int Shard) : INodeMessage;
