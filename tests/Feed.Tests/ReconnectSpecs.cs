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

    private static IEnumerable<double> PausesOf(SimulatedFeed feed) =>
        feed.Endpoint.Ends.Zip(feed.Endpoint.Connects.Skip(1), (end, connect) => (connect - end).TotalSeconds);
}
