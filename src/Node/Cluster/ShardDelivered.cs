using QTrade.Broker;

namespace QTrade.Node.Cluster;

/// <summary>An observation of a pool of the shard.</summary>
internal sealed record ShardDelivered(int Shard, long Turn, Delivery Delivery, long Connects) : IShardMessage;
