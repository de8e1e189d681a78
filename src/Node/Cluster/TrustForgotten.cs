namespace QTrade.Node.Cluster;

/// <summary>The feed is another node's from now on: what this node's vouched for is told to nobody any more.</summary>
internal sealed record TrustForgotten : IMarketMessage;
