namespace QTrade.Node.Actors;

/// <summary>Every token and pool of the market is registered, durable and published.</summary>
public sealed record MarketRegistered : INodeMessage;
