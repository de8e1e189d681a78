using System.Buffers.Binary;
using QTrade.Feed.Tests.Endpoint;
using QTrade.Messages;
using QTrade.Solana;
using QTrade.Solana.Feed;

namespace QTrade.Feed.Tests;

/// <summary>Given updates in some order, the view shows pools as of one slot, or says that it cannot.</summary>
public sealed class ChainViewSpecs
{
    private readonly ChainView _view = new(new PairVenue(), poolsMax: 2);
    private readonly List<PoolChange> _changes = [];

    [Fact]
    public void A_slot_is_shown_once_the_chain_is_two_slots_past_it()
    {
        Begin(slot: 10);
        Assert.DoesNotContain(_changes, change => change.State is not null);
        Clock(11);
        Assert.DoesNotContain(_changes, change => change.State is not null);
        Clock(12);
        Clock(13);
        Clock(14);
        Assert.Equal((10UL, 20UL), Last());
    }

    [Fact]
    public void Accounts_of_a_later_slot_wait_for_each_other()
    {
        Complete();
        Notify(20, PairVenue.Vault(1, 0), 11);
        Clock(21);
        Notify(20, PairVenue.Vault(1, 1), 19);
        Settle();
        Assert.Equal((10UL, 20UL), Last());
        Clock(22);
        Assert.Equal((11UL, 19UL), Last());
    }

    [Fact]
    public void A_notification_replaces_a_read_of_its_slot_and_not_the_other_way_round()
    {
        Complete();
        Notify(20, PairVenue.Vault(1, 0), 11);
        Read(20, PairVenue.Vault(1, 0), PairVenue.VaultAccount(99));
        Clock(22);
        Assert.Equal((11UL, 20UL), Last());
    }

    [Fact]
    public void An_older_update_changes_nothing()
    {
        Complete();
        Notify(30, PairVenue.Vault(1, 0), 11);
        Clock(32);
        Notify(29, PairVenue.Vault(1, 0), 77);
        Settle();
        Assert.Equal((11UL, 20UL), Last());
        Assert.Equal(1, _view.Counts.Older);
    }

    [Fact]
    public void After_a_loss_a_pool_is_incomplete_until_all_of_it_was_read_and_shown()
    {
        Complete();
        _view.Lose();
        Settle();
        Assert.Equal(PoolStanding.Incomplete, _changes[^1].Standing);
        Read(40, ProgramIds.ClockSysvar, ClockAccount(40));
        foreach (var (address, account) in PairVenue.Accounts(1, 10, 20).Skip(1))
            Read(40, address, account);
        Clock(50);
        Assert.Equal(PoolStanding.Incomplete, _changes[^1].Standing);
        Read(50, PairVenue.Pool(1), PairVenue.PoolAccount(1));
        Clock(52);
        Assert.Equal((10UL, 20UL), Last());
        Assert.Equal(50UL, _changes[^1].At[0].Slot);
    }

    [Fact]
    public void A_read_that_is_behind_what_was_held_does_not_count()
    {
        Complete();
        Notify(60, PairVenue.Vault(1, 0), 11);
        Clock(70);
        _view.Lose();
        Read(55, PairVenue.Vault(1, 0), PairVenue.VaultAccount(10));
        Assert.Equal(_view.Counts.Accounts, _view.Counts.Outstanding);
    }

    [Fact]
    public void An_account_in_doubt_is_not_trusted_until_it_was_read_from_then_on()
    {
        Complete();
        Clock(20);
        _view.Doubt(PairVenue.Vault(1, 0), notBefore: 21);
        Settle();
        Assert.Equal((PoolStanding.Incomplete, 1), (_changes[^1].Standing, _view.Counts.Outstanding));
        // Was under way before.
        Read(20, PairVenue.Vault(1, 0), PairVenue.VaultAccount(10));
        Clock(23);
        Assert.Equal((PoolStanding.Incomplete, 21UL), (_changes[^1].Standing, _view.NotBefore(PairVenue.Vault(1, 0))));
        Read(21, PairVenue.Vault(1, 0), PairVenue.VaultAccount(11));
        Settle();
        Assert.Equal((11UL, 20UL), Last());

        _view.Lose();
        Assert.Equal(0UL, _view.NotBefore(PairVenue.Vault(1, 0)));
    }

    [Fact]
    public void A_slot_that_the_chain_cannot_have_reached_is_refused()
    {
        Complete();
        Notify(ulong.MaxValue, PairVenue.Vault(1, 0), 11);
        Assert.Equal(1, _view.Counts.Ahead);
        Assert.True(_view.Seen < 100);
    }

    [Fact]
    public void What_waits_is_bounded()
    {
        Complete();
        for (ulong slot = 1_000; slot > 900; slot--)
            Notify(slot, PairVenue.Vault(1, 0), slot);
        Assert.True(_view.Counts.Conflated > 0);
        Assert.Equal(1_000UL, _view.NewestOf(PairVenue.Vault(1, 0))!.At.Slot);
    }

    /// <summary>An endpoint that tells every write tells several of one slot; only the last of them is the slot's state.</summary>
    [Fact]
    public void Many_writes_of_one_slot_do_not_push_out_an_earlier_slot()
    {
        Complete();
        Notify(20, PairVenue.Vault(1, 0), 11);
        for (ulong write = 1; write <= 3 * ChainView.WaitingMax; write++)
            Notify(21, PairVenue.Vault(1, 0), 100 + write);
        Read(21, PairVenue.Vault(1, 0), PairVenue.VaultAccount(99));
        Clock(22);
        Assert.Equal((11UL, 20UL), Last());
        Clock(23);
        Assert.Equal((124UL, 20UL), Last());
        Assert.Equal(new AccountPosition(21, 24), _changes[^1].At[1]);
        Assert.Equal(0, _view.Counts.Conflated);
    }

    [Fact]
    public void Pools_beyond_the_bound_are_left_out()
    {
        Assert.True(_view.Follow(PairVenue.Pool(1)));
        Assert.False(_view.Follow(PairVenue.Pool(1)));
        Assert.True(_view.Follow(PairVenue.Pool(2)));
        Assert.False(_view.Follow(PairVenue.Pool(3)));
        Assert.Equal(1, _view.Counts.PoolsLeftOut);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Any_order_of_the_same_updates_ends_the_same(int seed)
    {
        var updates = new List<AccountUpdate>();
        for (ulong slot = 20; slot < 60; slot++)
        {
            updates.Add(Update(slot, AccountPosition.Notification, PairVenue.Vault(1, (int)(slot % 2)), PairVenue.VaultAccount(slot)));
            updates.Add(Update(slot, AccountPosition.Read, PairVenue.Vault(1, (int)(slot % 2)), PairVenue.VaultAccount(slot - 1)));
        }

        Complete();
        var random = new Random(seed);
        foreach (var update in updates.Concat(updates).OrderBy(_ => random.Next()))
        {
            _view.Take(update);
            Settle();
        }

        Clock(62);
        Assert.Equal((58UL, 59UL), Last());
    }

    /// <summary>Fees that depend on time, and pools that open at one: the clock alone changes them, at the moments that their assembly names.</summary>
    [Fact]
    public void A_pool_that_the_clock_changes_is_told_when_the_clock_is_there()
    {
        var venue = new TimedVenue { Opening = 100 * TimedVenue.Hour };
        var view = new ChainView(venue, poolsMax: 2);
        Begin(view, 10, (100 * TimedVenue.Hour) - 1);
        Tick(view, 14, (100 * TimedVenue.Hour) - 1);
        Assert.Equal((PoolStanding.Refused, PoolRefusal.Disabled), (_changes[^1].Standing, _changes[^1].Fault.Refusal));

        Tick(view, 20, 100 * TimedVenue.Hour);
        var assembled = venue.Assembled;
        Tick(view, 22, 100 * TimedVenue.Hour);
        Assert.Equal((PoolStanding.Complete, 0), (_changes[^1].Standing, FeesOf(_changes[^1]).Of1));
        var opened = _changes[^1].At;
        for (ulong slot = 23; slot < 30; slot++)
            Tick(view, slot, (100 * TimedVenue.Hour) + 50);
        Assert.Equal(assembled + 1, venue.Assembled);

        var told = _changes.Count;
        Tick(view, 30, 101 * TimedVenue.Hour);
        Tick(view, 32, 101 * TimedVenue.Hour);
        Tick(view, 33, 102 * TimedVenue.Hour);
        Tick(view, 35, 102 * TimedVenue.Hour);
        Assert.Equal([1, 2], _changes.Skip(told).Select(change => FeesOf(change).Of1));
        Assert.Equal([opened[0].WriteVersion + AccountPosition.Retold, opened[0].WriteVersion + (2 * AccountPosition.Retold)], _changes.Skip(told).Select(change => change.At[0].WriteVersion));
        Assert.All(_changes.Skip(told), change => Assert.Equal(opened.Skip(1), change.At.Skip(1)));
        Assert.Equal(ChainPosition.Retold, AccountPosition.Retold);

        // A late write of the account's slot is later than all of them, and the next slot counts from there.
        view.Take(Update(opened[0].Slot, AccountPosition.Notification, PairVenue.Pool(1), PairVenue.PoolAccount(1) with { Lamports = 2 }));
        view.Settle(_changes);
        Assert.Equal(opened[0] with { WriteVersion = opened[0].WriteVersion + 1 + (2 * AccountPosition.Retold) }, _changes[^1].At[0]);
        view.Take(Update(35, AccountPosition.Notification, PairVenue.Pool(1), PairVenue.PoolAccount(1)));
        Tick(view, 37, 102 * TimedVenue.Hour);
        Assert.Equal(new AccountPosition(35, AccountPosition.Notification), _changes[^1].At[0]);
    }

    [Fact]
    public void A_changed_mint_is_told_though_nothing_else_of_its_pools_changed()
    {
        var view = new ChainView(new TimedVenue(), poolsMax: 2);
        Begin(view, 10, TimedVenue.Hour);
        Tick(view, 14, TimedVenue.Hour);
        var before = _changes[^1];
        var told = _changes.Count;
        view.Take(Update(20, AccountPosition.Read, PairVenue.Mint(0), new ChainAccount(ProgramIds.Token, 1, new byte[82])));
        Tick(view, 22, TimedVenue.Hour);
        Assert.Equal(told, _changes.Count);

        view.Take(Update(23, AccountPosition.Read, PairVenue.Mint(0), new ChainAccount(ProgramIds.Token, 1, [7, .. new byte[81]])));
        Tick(view, 25, TimedVenue.Hour);
        Assert.Equal((told + 1, 0, 7), (_changes.Count, FeesOf(before).Of0, FeesOf(_changes[^1]).Of0));
        Assert.True(_changes[^1].At[0] > before.At[0]);
    }

    private static (int Of0, int Of1) FeesOf(PoolChange change) =>
        (change.State!.State.TransferFee0.BasisPoints, change.State.State.TransferFee1.BasisPoints);

    private void Begin(ChainView view, ulong slot, long unixTime)
    {
        view.Follow(PairVenue.Pool(1));
        view.Take(Update(slot, AccountPosition.Read, ProgramIds.ClockSysvar, ClockAccount(slot, unixTime)));
        view.Take(Update(slot, AccountPosition.Read, PairVenue.Pool(1), PairVenue.PoolAccount(1)));
        Tick(view, slot + 2, unixTime);
        foreach (var (address, account) in PairVenue.Accounts(1, 10, 20))
            view.Take(Update(slot + 2, AccountPosition.Read, address, account));
        view.Settle(_changes);
    }

    private void Tick(ChainView view, ulong slot, long unixTime)
    {
        view.Take(Update(slot, AccountPosition.Notification, ProgramIds.ClockSysvar, ClockAccount(slot, unixTime)));
        view.Settle(_changes);
    }

    private void Begin(ulong slot)
    {
        _view.Follow(PairVenue.Pool(1));
        Read(slot, ProgramIds.ClockSysvar, ClockAccount(slot));
        Read(slot, PairVenue.Pool(1), PairVenue.PoolAccount(1));
        Clock(slot + 2);
        foreach (var (address, account) in PairVenue.Accounts(1, 10, 20))
            Read(slot + 2, address, account);
        Settle();
    }

    [Fact]
    public void Several_notifications_of_one_slot_follow_one_another_as_they_arrive()
    {
        Complete();
        Notify(20, PairVenue.Vault(1, 0), 11);
        Notify(20, PairVenue.Vault(1, 0), 12);
        Notify(20, PairVenue.Vault(1, 0), 11);
        Notify(20, PairVenue.Vault(1, 0), 11);
        Assert.Equal(new AccountPosition(20, 3), _view.NewestOf(PairVenue.Vault(1, 0))!.At);
        Assert.Equal(1, _view.Counts.Repeated);
        // A read of the slot may have been made before any of them.
        Read(20, PairVenue.Vault(1, 0), PairVenue.VaultAccount(99));
        Clock(22);
        Assert.Equal((11UL, 20UL), Last());
        Assert.Equal(new AccountPosition(20, 3), _changes[^1].At[1]);

        // Of a slot that is shown already, too; and the next slot begins anew.
        Notify(20, PairVenue.Vault(1, 0), 13);
        Settle();
        Assert.Equal((13UL, 20UL), Last());
        Notify(21, PairVenue.Vault(1, 0), 14);
        Assert.Equal(new AccountPosition(21, 1), _view.NewestOf(PairVenue.Vault(1, 0))!.At);
    }

    [Fact]
    public void Refused_pools_are_counted_by_their_reason_while_they_are_refused()
    {
        Complete();
        Notify(20, PairVenue.Pool(1), PairVenue.PoolAccount(1) with { Data = new byte[9] });
        Clock(22);
        Assert.Equal((PoolRefusal.Truncated, 1L, 1L), Assert.Single(_view.Refusals.Given));
        Notify(23, PairVenue.Pool(1), PairVenue.PoolAccount(1));
        Clock(25);
        Assert.Equal((PoolRefusal.Truncated, 0L, 1L), Assert.Single(_view.Refusals.Given));
        Assert.Equal(PoolStanding.Complete, _changes[^1].Standing);
    }

    [Fact]
    public void What_is_read_hides_no_gap_in_what_is_told()
    {
        Complete();
        Read(40, PairVenue.Vault(1, 0), PairVenue.VaultAccount(10));
        Clock(41);
        Assert.Equal(1, _view.Counts.Gaps);
    }

    [Fact]
    public void What_is_read_ahead_of_what_is_told_is_no_gap_and_neither_is_what_a_new_connection_tells_first()
    {
        Complete();
        Read(400, PairVenue.Vault(1, 0), PairVenue.VaultAccount(10));
        for (ulong slot = 15; slot < 60; slot++)
            Clock(slot);
        Read(59, ProgramIds.ClockSysvar, ClockAccount(59));
        _view.Lose();
        Clock(600);
        Assert.Equal(0, _view.Counts.Gaps);
    }

    private void Complete()
    {
        Begin(10);
        Clock(14);
        Assert.Equal((10UL, 20UL), Last());
    }

    private void Clock(ulong slot)
    {
        _view.Take(Update(slot, AccountPosition.Notification, ProgramIds.ClockSysvar, ClockAccount(slot)));
        Settle();
    }

    private void Notify(ulong slot, Address address, ulong amount) =>
        _view.Take(Update(slot, AccountPosition.Notification, address, PairVenue.VaultAccount(amount)));

    private void Notify(ulong slot, Address address, ChainAccount account) =>
        _view.Take(Update(slot, AccountPosition.Notification, address, account));

    private void Read(ulong slot, Address address, ChainAccount account) => _view.Take(Update(slot, AccountPosition.Read, address, account));

    private static AccountUpdate Update(ulong slot, ulong version, Address address, ChainAccount account) =>
        new(address, new AccountPosition(slot, version), account.Owner, account.Lamports, account.Data);

    private static ChainAccount ClockAccount(ulong slot, long unixTime = 1_700_000_000)
    {
        var data = new byte[40];
        BinaryPrimitives.WriteUInt64LittleEndian(data, slot);
        BinaryPrimitives.WriteInt64LittleEndian(data.AsSpan(32), unixTime);
        return new ChainAccount(default, 1, data);
    }

    private void Settle() => _view.Settle(_changes);

    private (ulong X, ulong Y) Last() => _changes[^1].State is { State: PairState pair } ? (pair.X, pair.Y) : default;
}
