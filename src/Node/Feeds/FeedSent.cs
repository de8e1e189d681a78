using QTrade.Node.Simulation;

namespace QTrade.Node.Feeds;

/// <summary>Requests went out to a connection, or what kept them from it.</summary>
internal sealed record FeedSent(long Connection, string? Fault = null) : IFeedMessage;
