using QTrade.Messages.Cluster;

namespace QTrade.Trading.Cluster;

/// <summary>The rules of <c>feed</c>: each node that takes the feed over begins a term of its own, and the journal's unique key lets one begin it.</summary>
public static class FeedTerms
{
    /// <summary>The state before the first term.</summary>
    public static FeedTerm None { get; } = new(0);

    /// <summary>A node begins the next term.</summary>
    /// <param name="state">The last one.</param>
    /// <param name="node">Its name.</param>
    /// <param name="at">The time.</param>
    /// <param name="lost">Events that the journal lost: each may have begun a term, and none is begun twice.</param>
    public static FeedStarted Start(FeedTerm state, string node, DateTimeOffset at, long lost = 0) => new(state.Number + lost + 1, node, at);

    public static FeedTerm Apply(FeedTerm state, IFeedEvent change) => change switch
    {
        FeedStarted started => state with { Number = started.Term },
        _ => throw new ArgumentOutOfRangeException(nameof(change), change.GetType().Name, "not an event of the feed"),
    };
}
