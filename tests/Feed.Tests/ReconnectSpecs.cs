using QTrade.Feed.Tests.Endpoint;

namespace QTrade.Feed.Tests;

/// <summary>How often a feed connects, and searches.</summary>
public sealed class ReconnectSpecs
{
    [Fact]
    public void Connections_that_stand_briefly_are_made_at_growing_pauses_and_search_once()
    {
        using var feed = new SimulatedFeed([1], null, endpoint => endpoint.Stands = TimeSpan.FromSeconds(1));
        feed.RunFor(TimeSpan.FromMinutes(9));
        double[] expected = [0.5, 1, 2, 4, 8, 16, 30, 30];
        Assert.Equal(expected, PausesOf(feed).Take(expected.Length));
        Assert.Single(feed.Endpoint.Searches);
    }

    [Fact]
    public void A_connection_that_stood_ends_the_growth()
    {
        using var feed = new SimulatedFeed([1], null, endpoint => endpoint.Stands = TimeSpan.FromSeconds(1));
        feed.RunFor(TimeSpan.FromSeconds(15));
        feed.Do(endpoint => endpoint.Stands = TimeSpan.FromMinutes(1));
        feed.RunFor(TimeSpan.FromMinutes(2));
        feed.Do(endpoint => endpoint.Stands = TimeSpan.FromSeconds(1));
        feed.RunFor(TimeSpan.FromMinutes(1));
        Assert.Equal([0.5, 1, 2, 4, 8, 0.5, 0.5, 1, 2], PausesOf(feed).Take(9));
    }

    [Theory]
    [InlineData(29, 2)]
    [InlineData(31, 0.5)]
    public void Only_one_that_stood_30_s_ends_it(double seconds, double third)
    {
        using var feed = new SimulatedFeed([1], null, endpoint => endpoint.Stands = TimeSpan.FromSeconds(seconds));
        feed.RunFor(TimeSpan.FromMinutes(3));
        Assert.Equal(third, PausesOf(feed).ElementAt(2));
    }

    [Fact]
    public void One_search_is_under_way_at_a_time_and_the_next_begins_an_interval_after_it()
    {
        var interval = TimeSpan.FromMinutes(10);
        using var feed = new SimulatedFeed(
            [1],
            setup => setup with { DiscoverInterval = interval },
            endpoint => (endpoint.Stands, endpoint.SearchTakes) = (TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(25)));
        feed.RunFor(TimeSpan.FromHours(3));
        var searches = feed.Endpoint.Searches;
        Assert.Equal((1, 5), (feed.Endpoint.SearchesAtOnceMax, searches.Count));
        Assert.All(searches.Zip(searches.Skip(1)), pair => Assert.Equal(interval, pair.Second.Began - pair.First.Ended));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_search_that_fails_is_made_again_at_growing_pauses_and_pools_of_a_list_are_followed_meanwhile(bool breaks)
    {
        using var feed = new SimulatedFeed([1, 2], null, endpoint =>
        {
            (endpoint.SearchesFail, endpoint.SearchesBreak) = (6, breaks);
            (endpoint.Pools, endpoint.Found) = ([PairVenue.Pool(1)], [PairVenue.Pool(2)]);
        });
        feed.RunFor(TimeSpan.FromSeconds(20));
        Assert.Equal(1, feed.Live.Counts.Complete);
        Assert.Contains(breaks ? "search for pools: " : "search failed", feed.Live.LastFault, StringComparison.Ordinal);
        feed.RunFor(TimeSpan.FromSeconds(20));
        Assert.Equal((2, 7), (feed.Live.Counts.Complete, feed.Endpoint.Searches.Count));
        feed.RunFor(TimeSpan.FromMinutes(9));
        Assert.Equal([0.5, 1, 2, 4, 8, 16], SearchPausesOf(feed));
    }

    [Fact]
    public void Searches_that_always_fail_are_made_once_in_an_interval_in_the_end()
    {
        var interval = TimeSpan.FromSeconds(50);
        using var feed = new SimulatedFeed([1], setup => setup with { DiscoverInterval = interval }, endpoint => endpoint.SearchesFail = int.MaxValue);
        feed.RunFor(TimeSpan.FromMinutes(6));
        double[] expected = [0.5, 1, 2, 4, 8, 16, 32, 50, 50, 50];
        Assert.Equal(expected, SearchPausesOf(feed).Take(expected.Length));
    }

    [Fact]
    public void A_search_that_found_all_ends_the_growth()
    {
        using var feed = new SimulatedFeed([1], setup => setup with { DiscoverInterval = TimeSpan.FromSeconds(50) }, endpoint => endpoint.SearchesFail = 3);
        feed.RunFor(TimeSpan.FromSeconds(20));
        feed.Do(endpoint => endpoint.SearchesFail = 2);
        feed.RunFor(TimeSpan.FromSeconds(50));
        Assert.Equal([0.5, 1, 2, 50, 0.5, 1], SearchPausesOf(feed));
    }

    [Fact]
    public void A_search_that_failed_is_made_again_as_soon_as_a_connection_stands()
    {
        using var feed = new SimulatedFeed([1], null, endpoint => (endpoint.SearchesFail, endpoint.Stands) = (1, TimeSpan.FromMilliseconds(300)));
        feed.RunFor(TimeSpan.FromMinutes(5));
        Assert.Equal(feed.Endpoint.Connects.Take(2), feed.Endpoint.Searches.Select(search => search.Began));
    }

    /// <summary>What is found could not be followed.</summary>
    [Fact]
    public void While_nothing_is_connected_nothing_is_searched_for()
    {
        using var feed = new SimulatedFeed([1], setup => setup with { RetryMin = TimeSpan.FromSeconds(1), DiscoverInterval = TimeSpan.FromMilliseconds(500) }, endpoint => endpoint.Stands = TimeSpan.FromSeconds(1));
        feed.RunFor(TimeSpan.FromMinutes(2));
        var (connects, ends) = (feed.Endpoint.Connects, feed.Endpoint.Ends);
        Assert.All(feed.Endpoint.Searches, search => Assert.Contains(connects.Zip(ends.Append(DateTimeOffset.MaxValue)), stood => stood.First <= search.Began && search.Began <= stood.Second));
        Assert.All(connects.SkipLast(1), connect => Assert.Contains(feed.Endpoint.Searches, search => search.Began == connect));
    }

    private static IEnumerable<double> SearchPausesOf(SimulatedFeed feed) =>
        feed.Endpoint.Searches.Zip(feed.Endpoint.Searches.Skip(1), (search, next) => (next.Began - search.Ended).TotalSeconds);

    private static IEnumerable<double> PausesOf(SimulatedFeed feed) =>
        feed.Endpoint.Ends.Zip(feed.Endpoint.Connects.Skip(1), (end, connect) => (connect - end).TotalSeconds);
}
