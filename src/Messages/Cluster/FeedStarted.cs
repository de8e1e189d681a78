namespace QTrade.Messages.Cluster;

/// <summary>A node took over the feed. What the feeds of earlier terms vouch for counts no more.</summary>
/// <param name="Term">One more than the last feed's, from 1.</param>
/// <param name="Node">The node.</param>
/// <param name="At">When, by the node's clock.</param>
public sealed record FeedStarted(long Term, string Node, DateTimeOffset At) : IFeedEvent;
