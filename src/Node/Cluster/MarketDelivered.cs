using QTrade.Broker;

namespace QTrade.Node.Cluster;

/// <summary>A batch of some node arrived.</summary>
internal sealed record MarketDelivered(Delivery Delivery) : IMarketMessage;
