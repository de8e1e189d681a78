using QTrade.Actors.EventSourcing;
using QTrade.Actors.Journal;
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
        var fold = Fold();

        fold.Begin(new StoredSnapshot("account/a", 5, new EventData("account.balance", 9, default)), AccountCodec.Instance);
        fold.Fold(Stored(1, 1));

        Assert.Equal((new Balance(1), 1), ((Balance)fold.Result.State, fold.Result.SequenceNumber));
        Assert.Equal("account/a #5 (account.balance v9): snapshot: unknown manifest", Assert.Single(fold.Result.Quarantined).Describe());
    }

    private static EntityFold<Deposited, Balance> Fold() => new(
        "account/a",
        new Balance(0),
        static (state, deposited) => deposited.Amount == 13
            ? throw new InvalidOperationException("unlucky")
            : new Balance(state.Total + deposited.Amount),
        AccountCodec.Instance);

    private static StoredEvent Stored(long sequenceNumber, int amount) =>
        new(sequenceNumber, "account/a", sequenceNumber, AccountCodec.Instance.Encode(new Deposited(amount)));
}
