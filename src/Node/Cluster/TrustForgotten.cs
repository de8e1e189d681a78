namespace QTrade.Node.Cluster;

/// <summary>The feed is another node's from now on: what this node's vouched for is taken back, and told to nobody any more.</summary>
internal sealed record TrustForgotten : IMarketMessage;
