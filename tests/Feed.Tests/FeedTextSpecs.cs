using QTrade.Node;
using QTrade.Node.Terminal;

namespace QTrade.Feed.Tests;

/// <summary>What the live view says of a feed.</summary>
public sealed class FeedTextSpecs
{
    [Fact]
    public void Refused_subscriptions_are_told_where_there_are_any()
    {
        var feed = new FeedStatus();
        Assert.DoesNotContain("subscriptions", FeedText.Row(feed), StringComparison.Ordinal);
        Assert.Contains(
            "; 12 subscriptions refused, 7 asked for again",
            FeedText.Row(feed with { SubscriptionsRefused = 12, SubscriptionsRetried = 7 }),
            StringComparison.Ordinal);
    }
}
