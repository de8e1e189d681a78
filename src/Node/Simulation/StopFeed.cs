namespace QTrade.Node.Simulation;

/// <summary>The chain stands still from here on; swaps of ours are still settled.</summary>
public sealed record StopFeed : IFeedMessage;
