namespace QTrade.Node.Cluster;

/// <summary>Time to look for observations of a shard that have waited too long for their pools' configurations.</summary>
internal sealed record UnconfiguredLook(int Shard, long Turn) : IShardMessage;
