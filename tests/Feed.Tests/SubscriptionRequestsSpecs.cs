using QTrade.Feed.Tests.Endpoint;
using QTrade.Node.Feeds;
using QTrade.Solana;

namespace QTrade.Feed.Tests;

/// <summary>In which order subscriptions are asked for and ended.</summary>
public sealed class SubscriptionRequestsSpecs
{
    private static readonly Address First = PairVenue.Pool(1), Second = PairVenue.Pool(2);

    private readonly SubscriptionRequests _requests = new();

    [Fact]
    public void What_follows_is_sent_once_what_was_taken_before_is()
    {
        _requests.Subscribe(First);
        Assert.True(_requests.TryTake(out var subscribe, out var unsubscribe));
        Assert.Equal(First, Assert.Single(subscribe));
        Assert.Empty(unsubscribe);
        _requests.Subscribe(Second);
        Assert.False(_requests.TryTake(out _, out _));
        _requests.Sent();
        Assert.True(_requests.TryTake(out subscribe, out _));
        Assert.Equal(Second, Assert.Single(subscribe));
        _requests.Sent();
        Assert.False(_requests.TryTake(out _, out _));
    }

    [Fact]
    public void What_is_needed_no_more_is_ended_and_not_asked_for()
    {
        _requests.Subscribe(First);
        _requests.Subscribe(Second);
        _requests.Remove(First);
        Assert.True(_requests.TryTake(out var subscribe, out var unsubscribe));
        Assert.Equal(Second, Assert.Single(subscribe));
        Assert.Equal(First, Assert.Single(unsubscribe));
    }

    [Fact]
    public void What_is_asked_for_counts_the_ends_before_it_those_that_are_not_sent_among_them()
    {
        Assert.Equal(0, _requests.EndsBefore);
        _requests.Unsubscribe(First);
        _requests.Unsubscribe(Second);
        Assert.Equal(1, _requests.EndsBefore);
        Assert.True(_requests.TryTake(out _, out _));
        Assert.Equal(1, _requests.EndsBefore);
        _requests.Unsubscribe(First);
        Assert.Equal(2, _requests.EndsBefore);
    }

    [Fact]
    public void On_another_connection_nothing_was_asked_for_sent_or_ended()
    {
        _requests.Unsubscribe(First);
        Assert.True(_requests.TryTake(out _, out _));
        _requests.Unsubscribe(First);
        _requests.Subscribe(Second);
        _requests.Clear();
        Assert.Equal(0, _requests.EndsBefore);
        Assert.False(_requests.TryTake(out _, out _));
        _requests.Subscribe(Second);
        Assert.True(_requests.TryTake(out _, out _));
    }
}
