using QTrade.Trading.Cluster;

namespace QTrade.Node.Cluster;

/// <summary>What is to become of a shard.</summary>
internal sealed record ShardOrdered(ShardOrder Order) : IShardMessage;
