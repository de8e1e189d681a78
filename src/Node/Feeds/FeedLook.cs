using QTrade.Node.Simulation;

namespace QTrade.Node.Feeds;

/// <summary>Time to look for silence, reads to repeat and accounts to check.</summary>
internal sealed record FeedLook : IFeedMessage;
