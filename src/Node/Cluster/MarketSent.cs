namespace QTrade.Node.Cluster;

/// <summary>The batch under way has ended, whatever became of it.</summary>
internal sealed record MarketSent(bool Confirmed) : IMarketMessage;
