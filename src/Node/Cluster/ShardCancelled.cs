namespace QTrade.Node.Cluster;

/// <summary>Nothing more of the shard is delivered.</summary>
internal sealed record ShardCancelled(int Shard, long Turn) : IShardMessage;
