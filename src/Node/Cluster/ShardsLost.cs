using QTrade.Actors;
using QTrade.Node.Actors;

namespace QTrade.Node.Cluster;

/// <summary>What held this node's shards has stopped.</summary>
internal sealed record ShardsLost(ActorRef<IShardMessage> Shards) : INodeMessage;
