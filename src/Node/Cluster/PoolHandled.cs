using QTrade.Markets;

namespace QTrade.Node.Cluster;

/// <summary>The pool has handled what it was told before, and what it decided is durable.</summary>
internal sealed record PoolHandled(PoolId Pool, long Turn) : IShardMessage;
