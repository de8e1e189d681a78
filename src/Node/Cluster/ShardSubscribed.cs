using QTrade.Broker;

namespace QTrade.Node.Cluster;

/// <summary>The shard's messages come; null where the transport has ended.</summary>
internal sealed record ShardSubscribed(int Shard, long Turn, ISubscription? Subscription) : IShardMessage;
