namespace QTrade.Messages.Cluster;

/// <summary>Asks a node to publish everything that it holds of the market.</summary>
/// <param name="Node">The node; empty for every node.</param>
public sealed record GetMarketState(string Node) : IClusterMessage;
