namespace QTrade.Messages.Cluster;

/// <summary>What the <c>risk</c> entity is told.</summary>
public interface IRiskCommand : IClusterMessage;
