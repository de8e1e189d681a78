using QTrade.Markets;

namespace QTrade.Node.Cluster;

/// <summary>The pool is another node's to publish from now on.</summary>
internal sealed record MarketForgotten(PoolId Pool) : IMarketMessage;
