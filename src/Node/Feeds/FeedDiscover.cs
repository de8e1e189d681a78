using QTrade.Node.Simulation;

namespace QTrade.Node.Feeds;

/// <summary>Time to search for pools.</summary>
internal sealed record FeedDiscover() : IFeedMessage;
