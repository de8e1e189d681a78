using QTrade.Node.Simulation;

namespace QTrade.Node.Feeds;

/// <summary>Time to connect again.</summary>
internal sealed record FeedReconnect : IFeedMessage;
