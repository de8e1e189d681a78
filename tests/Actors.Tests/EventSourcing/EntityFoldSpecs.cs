using QTrade.Actors.EventSourcing;
using QTrade.Actors.Journal;
using QTrade.Shared.Actors;
using static QTrade.Actors.Tests.EventSourcing.Account;

namespace QTrade.Actors.Tests.EventSourcing;

public sealed class EntityFoldSpecs
{
    [Fact]
    public void Events_are_applied_in_order_and_an_older_one_is_passed_over()
    {
        var fold = Fold();

        foreach (var (number, amount) in new[] { (1L, 1), (2L, 20), (2L, 20), (1L, 1), (3L, 300) })
            fold.Fold(Stored(number, amount));

        Assert.Equal((new Balance(321), 3), ((Balance)fold.Result.State, fold.Result.SequenceNumber));
        Assert.Empty(fold.Result.Quarantined);
    }

    [Fact]
    public void An_event_that_cannot_be_applied_is_in_quarantine_and_the_next_is_applied()
    {
        var fold = Fold();

        foreach (var (number, amount) in new[] { (1L, 1), (2L, 13), (3L, 300) })
            fold.Fold(Stored(number, amount));

        Assert.Equal((new Balance(301), 3), ((Balance)fold.Result.State, fold.Result.SequenceNumber));
        Assert.Equal(
            "account/a #2 (account.deposited v1): InvalidOperationException: unlucky", Assert.Single(fold.Result.Quarantined).Describe());
    }

    [Fact]
    public void A_snapshot_that_cannot_be_read_is_in_quarantine_and_the_fold_begins_at_the_first_event()
    {
        var fold = Fold(new StoredSnapshot("account/a", 5, new EventData("account.balance", 9, default)));

        fold.Begin();
        fold.Fold(Stored(1, 1));

        Assert.Equal((new Balance(1), 1), ((Balance)fold.Result.State, fold.Result.SequenceNumber));
        Assert.Equal("account/a #5 (account.balance v9): snapshot: unknown manifest", Assert.Single(fold.Result.Quarantined).Describe());
    }

    [Fact]
    public void A_gap_is_bridged_by_a_later_snapshot_and_what_that_does_not_reach_is_in_quarantine()
    {
        var bridged = Fold(Snapshot(5, total: 50));
        foreach (var number in new[] { 1L, 2L, 5L, 6L })
            bridged.Fold(Stored(number, 1));
        Assert.Equal((new Balance(51), 6), ((Balance)bridged.Result.State, bridged.Result.SequenceNumber));
        Assert.Empty(bridged.Result.Quarantined);

        var partly = Fold(Snapshot(5, total: 50));
        foreach (var number in new[] { 1L, 2L, 8L })
            partly.Fold(Stored(number, 1));
        Assert.Equal((new Balance(51), 8), ((Balance)partly.Result.State, partly.Result.SequenceNumber));
        Assert.Equal("account/a #6-7: missing from the journal", Assert.Single(partly.Result.Quarantined).Describe());

        var older = Fold(Snapshot(2, total: 50));
        foreach (var number in new[] { 1L, 2L, 4L })
            older.Fold(Stored(number, 1));
        Assert.Equal(new Balance(3), (Balance)older.Result.State);
        Assert.Equal("account/a #3-3: missing from the journal", Assert.Single(older.Result.Quarantined).Describe());
    }

    private static StoredSnapshot Snapshot(long sequenceNumber, int total) =>
        new("account/a", sequenceNumber, ((IEventCodec<Balance>)AccountCodec.Instance).Encode(new Balance(total)));

    private static EntityFold<Deposited, Balance> Fold(StoredSnapshot? snapshot = null) => new(
        "account/a",
        new Balance(0),
        static (state, deposited) => deposited.Amount == 13
            ? throw new InvalidOperationException("unlucky")
            : new Balance(state.Total + deposited.Amount),
        AccountCodec.Instance,
        JournalWith(snapshot),
        AccountCodec.Instance);

    private static InMemoryJournal JournalWith(StoredSnapshot? snapshot)
    {
        var clock = new ManualClock();
        var journal = new InMemoryJournal(clock, TimeSpan.FromMilliseconds(1));
        if (snapshot is { } kept)
            journal.SaveSnapshot(kept);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        return journal;
    }

    private static StoredEvent Stored(long sequenceNumber, int amount) =>
        new(sequenceNumber, "account/a", sequenceNumber, AccountCodec.Instance.Encode(new Deposited(amount)));
}
