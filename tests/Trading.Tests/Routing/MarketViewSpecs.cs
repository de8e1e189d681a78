using QTrade.Markets;
using QTrade.Messages.Pools;
using QTrade.Messages.Registry;
using QTrade.Messages.Routing;
using QTrade.Messages;
using QTrade.Trading.Routing;

namespace QTrade.Trading.Tests.Routing;

public sealed class MarketViewSpecs
{
    private static readonly Market Market = Sample.Market(
        [Sample.Token("A", 1), Sample.Token("B", 2)], Sample.Product("p", "A", "B", 100, 50), Sample.Product("q", "A", "B", 100, 50));

    [Fact]
    public void Newer_reserves_overwrite_older_ones_and_older_ones_change_nothing()
    {
        var view = Sample.View(Market, slot: 5);

        Assert.Equal(ReasonCode.None, view.Apply(new ReservesChanged(new("p"), 3, [110, 46], Sample.At(7))));
        Assert.Equal(ReasonCode.OlderPosition, view.Apply(new ReservesChanged(new("p"), 2, [1, 1], Sample.At(6))));
        Assert.Equal(ReasonCode.OlderPosition, view.Apply(new ReservesChanged(new("p"), 3, [1, 1], Sample.At(7))));

        Assert.True(view.TryPool(new("p"), out var pool, out var at));
        Assert.Equal([110, 46], pool.Curve.State.ToArray());
        Assert.Equal(Sample.At(7), at);
        Assert.Equal(7UL, view.NewestSlot);
    }

    [Fact]
    public void What_newer_updates_replaced_before_a_cut_is_counted()
    {
        var view = Sample.View(Market, slot: 5);
        view.MarkCut();
        for (var sequence = 2; sequence <= 5; sequence++)
            view.Apply(new ReservesChanged(new("p"), sequence, [100, 50 + sequence], Sample.At(6)));
        view.Apply(new ReservesChanged(new("q"), 2, [100, 51], Sample.At(6)));

        Assert.Equal((5L, 3L), (view.Changes, view.Skipped));
        view.MarkCut();
        Assert.Equal((0L, 0L, 0.0), (view.Changes, view.Skipped, view.Moved));
    }

    [Fact]
    public void How_far_a_pool_moved_is_the_change_of_its_log_price()
    {
        var view = Sample.View(Market, slot: 5);
        view.MarkCut();
        view.Apply(new ReservesChanged(new("p"), 2, [101, 50 / 1.01], Sample.At(6)));

        Assert.Equal(2 * Math.Log2(1.01) / Math.Log2(Math.E), view.Moved, 3);
        Assert.Equal(view.Moved * view.Moved / 2, view.MarkCut(), 5);
        Assert.Equal(0, view.MarkCut());
    }

    [Theory]
    [InlineData("p")]
    [InlineData(null)]
    public void A_state_that_is_not_trusted_is_in_no_cut_until_it_is_observed_again_and_tokens_keep_their_places(string? pool)
    {
        var view = Sample.View(Market, slot: 5);
        var whole = Cut(view)!.Work.Market;
        view.Trust(new TrustFrom(pool is null ? null : new PoolId(pool), 7));

        string[] others = pool is null ? [] : ["q"];
        Assert.Equal(others, Cut(view)?.Work.Market.Pools.Select(left => left.Id.Value) ?? []);
        view.Apply(new ReservesChanged(new("p"), 2, [100, 50], Sample.At(7)));
        var again = Cut(view)!.Work.Market;

        Assert.Equal(["p", .. others], again.Pools.Select(back => back.Id.Value));
        Assert.Equal(whole.Tokens.AsEnumerable(), again.Tokens);

        static SnapshotOffer? Cut(MarketView view) => SnapshotCutter.Cut(RouterState.Initial, view, new RouterOptions(), Sample.Noon);
    }

    [Fact]
    public void Where_a_feed_has_to_vouch_nothing_is_traded_before_it_does()
    {
        var view = Sample.View(Market, slot: 5, trustsNothing: true);
        Assert.Empty(Traded(view));

        view.Trust(new TrustFrom(new("p"), 5) { Term = 1, Number = 1 });
        Assert.Empty(Traded(view));
        view.Trust(new TrustFrom(null, 3) { Term = 1, Number = 2 });
        Assert.Empty(Traded(view));
        view.Observe(new SlotObserved(5) { Term = 1 });

        Assert.Equal(["p", "q"], Traded(view));
    }

    [Fact]
    public void A_state_of_a_later_slot_than_the_feed_has_seen_is_not_traded_before_it_has()
    {
        var view = Sample.View(Market, slot: 5, trustsNothing: true);
        view.Trust(new TrustFrom(null, 3) { Term = 1, Number = 1 });
        view.Observe(new SlotObserved(4) { Term = 1 });
        Assert.Empty(Traded(view));
        view.Observe(new SlotObserved(5) { Term = 1 });
        Assert.Equal(["p", "q"], Traded(view));

        // The next one is behind, and what the one before still says is no news of it.
        view.Trust(new TrustFrom(null, 3) { Term = 2, Number = 1 });
        view.Observe(new SlotObserved(9) { Term = 1 });
        view.Observe(new SlotObserved(4) { Term = 2 });
        Assert.Empty(Traded(view));

        // Nothing was reached yet.
        view.MarkCut();
        view.Observe(new SlotObserved(4) { Term = 2 });
        Assert.Equal(0, view.Moved);
        view.Observe(new SlotObserved(5) { Term = 2 });
        Assert.Equal(["p", "q"], Traded(view));
        Assert.Equal(1, view.Moved);

        // Nothing is ahead any more.
        view.MarkCut();
        view.Observe(new SlotObserved(6) { Term = 2 });
        Assert.Equal(0, view.Moved);
    }

    /// <summary>A node of the version before says of which term it vouches, and not of which a slot is.</summary>
    [Fact]
    public void A_slot_of_no_term_is_the_present_feeds()
    {
        var view = Sample.View(Market, slot: 5, trustsNothing: true);
        view.Trust(new TrustFrom(null, 3) { Term = 1, Number = 1 });
        view.Observe(new SlotObserved(5));
        Assert.Equal(["p", "q"], Traded(view));
    }

    [Fact]
    public void Where_the_terms_that_are_over_are_not_known_yet_nothing_is_traded_and_nothing_of_one_of_them_then()
    {
        var view = Sample.View(Market, slot: 5, trustsNothing: true, awaitsTerm: true);
        Vouch(view, term: 1);
        Assert.Empty(Traded(view));
        view.TrustSince(2);
        Assert.Empty(Traded(view));
        Vouch(view, term: 1);
        Assert.Empty(Traded(view));
        Vouch(view, term: 2);
        Assert.Equal(["p", "q"], Traded(view));

        // It was heard before it was read of.
        var heard = Sample.View(Market, slot: 5, trustsNothing: true, awaitsTerm: true);
        Vouch(heard, term: 2);
        heard.TrustSince(2);
        Assert.Equal(["p", "q"], Traded(heard));

        static void Vouch(MarketView view, long term)
        {
            view.Trust(new TrustFrom(null, 3) { Term = term, Number = 7 });
            view.Observe(new SlotObserved(5) { Term = term });
        }
    }

    [Fact]
    public void What_a_feed_says_counts_by_its_number_and_a_newer_feed_has_vouched_for_no_more_than_it_told()
    {
        var view = Sample.View(Market, slot: 5, trustsNothing: true);
        view.Observe(new SlotObserved(5) { Term = 1 });
        view.Trust(new TrustFrom(null, 3) { Term = 1, Number = 1 });
        view.Trust(new TrustFrom(new("p"), ulong.MaxValue) { Term = 1, Number = 3 });
        view.Trust(new TrustFrom(new("p"), 5) { Term = 1, Number = 2 });
        Assert.Equal(["q"], Traded(view));

        view.Trust(new TrustFrom(new("q"), ulong.MaxValue) { Term = 2, Number = 1 });
        Assert.Empty(Traded(view));
        // One that was paused goes on where it was.
        view.Trust(new TrustFrom(null, 3) { Term = 1, Number = 4 });
        view.Trust(new TrustFrom(new("q"), 3) { Term = 1, Number = 5 });
        Assert.Empty(Traded(view));

        view.Observe(new SlotObserved(5) { Term = 2 });
        view.Trust(new TrustFrom(null, 5) { Term = 2, Number = 2 });
        Assert.Equal(["p"], Traded(view));
    }

    [Fact]
    public void A_retired_pool_is_not_there_until_it_is_taken_up_again()
    {
        var view = Sample.View(Market, slot: 5);
        view.Apply(new PoolRetired(new("p"), 2));
        Assert.False(view.TryPool(new("p"), out _, out _));

        view.Apply(new PoolConfigured(3, Market.Pools[0] with { Fee = 0.01 }));

        Assert.True(view.TryPool(new("p"), out var pool, out _));
        Assert.Equal(0.01, pool.Fee);
    }

    [Fact]
    public void A_state_that_does_not_fit_the_new_shape_is_not_traded()
    {
        var view = Sample.View(Market, slot: 5);
        view.Apply(new PoolConfigured(2, Market.Pools[0] with { Curve = new ConcentratedCurve(1, [0.5, 2], [10]) }));
        Assert.False(view.TryPool(new("p"), out _, out _));

        view.Apply(new ReservesChanged(new("p"), 2, [1.5], Sample.At(6)));

        Assert.True(view.TryPool(new("p"), out _, out _));
    }

    [Fact]
    public void A_pool_that_was_never_observed_is_not_there()
    {
        var view = new MarketView(AmountUnit.Whole);
        view.Apply(new PoolConfigured(1, Market.Pools[0]));

        Assert.False(view.TryPool(new("p"), out _, out _));
    }

    [Fact]
    public void An_update_allocates_nothing()
    {
        var view = Sample.View(Market, slot: 5);
        var updates = Enumerable.Range(2, 1001).Select(i => new ReservesChanged(new("p"), i, [100, i], Sample.At((ulong)i))).ToArray();
        view.Apply(updates[0]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var update in updates.AsSpan(1))
            view.Apply(update);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static string[] Traded(MarketView view) =>
        [.. SnapshotCutter.Cut(RouterState.Initial, view, new RouterOptions(), Sample.Noon)?.Work.Market.Pools.Select(pool => pool.Id.Value) ?? []];
}
