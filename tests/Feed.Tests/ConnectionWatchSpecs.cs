using QTrade.Feed.Tests.Endpoint;

namespace QTrade.Feed.Tests;

/// <summary>A connection is measured by what it tells itself, whatever is read beside it.</summary>
public sealed class ConnectionWatchSpecs
{
    [Fact]
    public void A_connection_that_goes_on_telling_is_kept_however_far_ahead_reads_are()
    {
        using var feed = new SimulatedFeed([1, 2], setup => setup with { AuditInterval = TimeSpan.FromSeconds(1) }, endpoint => endpoint.ReadsAhead = 100);
        feed.RunFor(TimeSpan.FromMinutes(2));
        Assert.Equal((1L, 0L, 0L, 2), (feed.Live.Connects, feed.Live.Silences, feed.Live.Counts.Gaps, feed.Live.Counts.Complete));
    }

    [Fact]
    public void A_connection_that_stops_telling_is_given_up_however_much_is_read()
    {
        using var feed = new SimulatedFeed([1], setup => setup with { AuditInterval = TimeSpan.FromSeconds(1) });
        feed.RunFor(TimeSpan.FromSeconds(20));
        feed.Do(endpoint => endpoint.Stalls = true);
        feed.RunFor(TimeSpan.FromSeconds(12));
        Assert.Equal((2L, 1L), (feed.Live.Connects, feed.Live.Silences));
    }

    [Fact]
    public void A_connection_that_tells_the_same_slot_again_and_again_is_given_up()
    {
        using var feed = new SimulatedFeed([1]);
        feed.RunFor(TimeSpan.FromSeconds(20));
        feed.Do(endpoint => endpoint.Repeats = endpoint.Slot);
        feed.RunFor(TimeSpan.FromSeconds(12));
        Assert.Equal((2L, 1L), (feed.Live.Connects, feed.Live.Silences));
    }

    [Fact]
    public void A_slot_that_is_too_far_ahead_is_no_measure_of_what_follows()
    {
        using var feed = new SimulatedFeed([1]);
        feed.RunFor(TimeSpan.FromSeconds(20));
        feed.Do(endpoint => endpoint.Repeats = endpoint.Slot + 50_000);
        feed.RunFor(TimeSpan.FromSeconds(1));
        feed.Do(endpoint => endpoint.Repeats = null);
        feed.RunFor(TimeSpan.FromSeconds(20));
        Assert.InRange(feed.Live.Counts.Ahead, 2, 3);
        Assert.Equal((1L, 0L, 0L), (feed.Live.Connects, feed.Live.Silences, feed.Live.Counts.Gaps));
    }

    /// <summary>An endpoint that is slow may tell its first slot after much else.</summary>
    [Fact]
    public void A_connection_that_goes_on_answering_is_kept()
    {
        using var feed = new SimulatedFeed([.. Enumerable.Range(1, 100)], null, endpoint => (endpoint.Stalls, endpoint.AnswersPerSlot) = (true, 2));
        feed.RunFor(50 * PlayedEndpoint.SlotTime + TimeSpan.FromSeconds(9));
        Assert.Equal((1L, 0L), (feed.Live.Connects, feed.Live.Silences));
        feed.RunFor(TimeSpan.FromSeconds(4));
        Assert.Equal((2L, 1L), (feed.Live.Connects, feed.Live.Silences));
    }

    [Fact]
    public void What_was_not_told_while_reads_went_on_is_a_gap()
    {
        using var feed = new SimulatedFeed([1], setup => setup with { AuditInterval = TimeSpan.FromSeconds(1) });
        feed.RunFor(TimeSpan.FromSeconds(20));
        feed.Do(endpoint => endpoint.Stalls = true);
        feed.RunFor(20 * PlayedEndpoint.SlotTime);
        feed.Do(endpoint => endpoint.Stalls = false);
        feed.RunFor(TimeSpan.FromSeconds(20));
        Assert.Equal((2L, 0L, 1L, 1), (feed.Live.Connects, feed.Live.Silences, feed.Live.Counts.Gaps, feed.Live.Counts.Complete));
    }
}
