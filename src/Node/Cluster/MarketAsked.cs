namespace QTrade.Node.Cluster;

/// <summary>Somebody wants everything that this node publishes.</summary>
internal sealed record MarketAsked : IMarketMessage;
