using QTrade.Node.Simulation;

namespace QTrade.Node.Feeds;

/// <summary>Requests went out to a connection.</summary>
internal sealed record FeedSent(long Connection) : IFeedMessage;
