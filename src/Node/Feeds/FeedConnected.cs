using QTrade.Node.Simulation;

namespace QTrade.Node.Feeds;

/// <summary>A connection stands; reads of it are not older than the slot.</summary>
internal sealed record FeedConnected(long Connection, string Endpoint, ulong Slot) : IFeedMessage;
