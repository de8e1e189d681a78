namespace QTrade.Node.Cluster;

/// <summary>The executor has seen the whole market, or waited for it long enough.</summary>
internal sealed record MarketWhole : IExecutorGateMessage;
