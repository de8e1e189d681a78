using QTrade.Node.Actors;

namespace QTrade.Node.Cluster;

/// <summary>The journal refused an append of a pool of the shard: another node writes it.</summary>
internal sealed record ShardRefused(int Shard) : INodeMessage;
