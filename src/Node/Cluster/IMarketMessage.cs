namespace QTrade.Node.Cluster;

/// <summary>What a <see cref="MarketPublisher"/> or a <see cref="MarketListener"/> is told.</summary>
public interface IMarketMessage;
