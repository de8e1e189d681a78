namespace QTrade.Node.Simulation;

/// <summary>Shows every pool once and lets the chain live from then on.</summary>
public sealed record StartFeed : IFeedMessage;
