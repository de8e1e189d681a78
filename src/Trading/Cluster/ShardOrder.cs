namespace QTrade.Trading.Cluster;

/// <summary>An order about one shard's queue.</summary>
public readonly record struct ShardOrder(int Shard, ShardOrderKind Kind);
