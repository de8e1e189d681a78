namespace QTrade.Node.Cluster;

/// <summary>What <see cref="ShardsActor"/> is told.</summary>
public interface IShardMessage;
