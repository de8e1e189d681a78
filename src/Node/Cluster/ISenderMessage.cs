namespace QTrade.Node.Cluster;

/// <summary>What a <see cref="HopSender"/> is told.</summary>
public interface ISenderMessage;
