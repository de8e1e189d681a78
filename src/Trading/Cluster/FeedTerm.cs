namespace QTrade.Trading.Cluster;

/// <summary>The last term of the feed.</summary>
/// <param name="Number">From 1; 0 before the first.</param>
public sealed record FeedTerm(long Number);
