using QTrade.Messages;

namespace QTrade.Node.Cluster;

/// <summary>A change of the market or a slot, to publish or to hear.</summary>
public sealed record MarketSaid(IMessage Change) : IMarketMessage;
