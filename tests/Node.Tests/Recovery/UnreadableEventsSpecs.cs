using QTrade.Actors.Journal;
using QTrade.Markets;
using QTrade.Messages;
using QTrade.Node.Tests.EndToEnd;
using QTrade.Node.Tests.Simulation;

namespace QTrade.Node.Tests.Recovery;

/// <summary>Events that are in the journal and that this version cannot read are told at the start, and the node goes on without them.</summary>
public sealed class UnreadableEventsSpecs
{
    [Fact]
    public void A_start_says_in_one_line_how_many_events_it_cannot_read_and_names_the_first()
    {
        using var first = Running(null);
        first.Stop();
        var left = first.Journal.HighestSequenceNumber(PersistenceIds.Pool(new PoolId("product")));
        foreach (var id in new[] { PersistenceIds.Token(new TokenId("A")), PersistenceIds.Pool(new PoolId("product")), "weather/tomorrow" })
            first.Journal.WriteElsewhere(id, new EventData("from.the.future", 9, new byte[] { 1, 2, 3 }));

        using var second = Running(first.Journal);

        var line = Assert.Single(second.Lines);
        Assert.StartsWith(
            $"journal: 3 stored events cannot be read and are passed over, the first: pool/product #{left + 1} (from.the.future v9): ",
            line,
            StringComparison.Ordinal);
        Assert.Equal(3, second.Node.Status.Journal.EventsUnreadable);
        Assert.True(second.Node.Status.Faults > 0);
        Assert.Equal(line, second.Node.Status.LastFault);
        var executed = second.Node.Status.Executed;
        second.RunFor(TimeSpan.FromSeconds(20));
        Assert.True(second.Node.Status.Executed > executed, "the node trades on");
        Assert.Equal(0, second.Node.Status.Snapshots.Difference);
    }

    [Fact]
    public void A_start_that_reads_every_event_says_nothing_of_it()
    {
        using var first = Running(null);
        first.Stop();
        using var second = Running(first.Journal);
        Assert.Empty(second.Lines);
        Assert.Equal(0, second.Node.Status.Journal.EventsUnreadable);
    }

    private static SimulatedNode Running(InMemoryJournal? found)
    {
        var run = new SimulatedNode(SampleMarkets.Mixed, NodeOptionsOf.Calm(rate: 10, minInterval: TimeSpan.FromSeconds(1)), found: found);
        run.RunFor(TimeSpan.FromSeconds(3));
        return run;
    }
}
