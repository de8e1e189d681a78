using QTrade.Messages.Registry;

namespace QTrade.Node.Cluster;

/// <summary>A pool's configuration as the cluster tells it.</summary>
internal sealed record PoolConfigurationHeard(IPoolConfigurationEvent Change) : IShardMessage;
