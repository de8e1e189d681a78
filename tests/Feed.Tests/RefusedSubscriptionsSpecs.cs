using QTrade.Feed.Tests.Endpoint;
using QTrade.Node.Feeds;
using QTrade.Solana;

namespace QTrade.Feed.Tests;

/// <summary>When a refused subscription is asked for again.</summary>
public sealed class RefusedSubscriptionsSpecs
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;
    private static readonly Address Account = PairVenue.Pool(1);

    private readonly RefusedSubscriptions _refused = new(failures => TimeSpan.FromSeconds(1 << Math.Min(failures, 3)));

    [Fact]
    public void Each_refusal_in_a_row_pauses_longer_and_is_given_once()
    {
        var now = Start;
        foreach (var seconds in new[] { 1, 2, 4, 8, 8 })
        {
            _refused.Add(Account, now);
            Assert.Empty(Due(now + TimeSpan.FromSeconds(seconds) - TimeSpan.FromTicks(1), 9));
            now += TimeSpan.FromSeconds(seconds);
            Assert.Equal([Account], Due(now, 9));
            Assert.Empty(Due(now + TimeSpan.FromDays(1), 9));
        }
    }

    [Fact]
    public void What_stands_begins_anew()
    {
        _refused.Add(Account, Start);
        _refused.Add(Account, Start);
        _refused.Remove(Account);
        Assert.Empty(Due(Start.AddDays(1), 9));
        _refused.Add(Account, Start);
        Assert.Equal([Account], Due(Start.AddSeconds(1), 9));
    }

    [Fact]
    public void The_longest_due_come_first_and_no_more_than_asked_for()
    {
        for (var pool = 5; pool >= 1; pool--)
            _refused.Add(PairVenue.Pool(pool), Start.AddSeconds(pool));

        var later = Start.AddDays(1);
        Assert.Equal([PairVenue.Pool(1), PairVenue.Pool(2)], Due(later, 2));
        Assert.Equal([PairVenue.Pool(3), PairVenue.Pool(4), PairVenue.Pool(5)], Due(later, 9));
    }

    private Address[] Due(DateTimeOffset now, int most) => [.. _refused.TakeDue(now, most)];
}
