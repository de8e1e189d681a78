using QTrade.Node.Simulation;

namespace QTrade.Node.Feeds;

/// <summary>No endpoint could be connected, and why in one line.</summary>
internal sealed record FeedUnconnected(string Reason) : IFeedMessage;
