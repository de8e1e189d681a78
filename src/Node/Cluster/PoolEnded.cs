using QTrade.Markets;

namespace QTrade.Node.Cluster;

/// <summary>A pool's actor has stopped: by order, or because another node writes its events.</summary>
internal sealed record PoolEnded(PoolId Pool, long Turn) : IShardMessage;
