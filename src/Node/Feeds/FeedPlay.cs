using QTrade.Node.Simulation;

namespace QTrade.Node.Feeds;

/// <summary>Time to go on with a tape.</summary>
internal sealed record FeedPlay() : IFeedMessage;
