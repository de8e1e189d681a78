using QTrade.Markets;
using QTrade.Messages.Execution;
using QTrade.Messages.Pools;
using QTrade.Messages.Registry;
using QTrade.Messages.Routing;
using QTrade.Trading.Execution;
using QTrade.Trading.Routing;

namespace QTrade.Trading.Tests.Execution;

public sealed class FilledPoolsSpecs
{
    private static readonly PoolId Pool = new("cheap");

    private static readonly Market Market = Sample.Market(
        [Sample.Token("SOL", 150), Sample.Token("USDC", 1)], Sample.Product("cheap", "SOL", "USDC", 1000, 150_000));

    private readonly MarketView view = Sample.View(Market, slot: 100);
    private readonly FilledPools pools;

    public FilledPoolsSpecs() => pools = new FilledPools(view, AmountUnit.Whole);

    [Fact]
    public void A_fill_that_is_settled_anew_is_not_quoted_on_its_own_impact()
    {
        var first = Settle(Intent(1, 3_000));

        Assert.Equal(first, Settle(Intent(1, 3_000)));
        Assert.NotEqual(Market.Pools[0].Curve, Shown());
    }

    [Fact]
    public void A_fill_that_is_taken_back_shows_no_more()
    {
        Settle(Intent(1, 3_000));

        pools.Undo(Intent(1, 3_000).TradeId);

        Assert.Equal(Market.Pools[0].Curve, Shown());
    }

    [Fact]
    public void What_was_settled_after_a_fill_that_is_taken_back_still_shows()
    {
        Settle(Intent(1, 3_000));
        Settle(Intent(2, 5_000));

        pools.Undo(Intent(1, 3_000).TradeId);

        Assert.Equal(Alone(Intent(2, 5_000)), Shown());
    }

    [Fact]
    public void A_durable_fill_shows_whatever_is_taken_back()
    {
        pools.End(Settle(Intent(1, 3_000)));
        Settle(Intent(2, 5_000));

        pools.Undo(Intent(1, 3_000).TradeId);
        pools.Undo(Intent(2, 5_000).TradeId);

        Assert.Equal(Alone(Intent(1, 3_000)), Shown());
    }

    [Fact]
    public void What_is_observed_counts_once_it_is_later()
    {
        var observed = new ProductCurve([990, 151_000]);
        var settled = Settle(Intent(1, 3_000));
        view.Apply(new ReservesChanged(Pool, 2, observed.State, Sample.At(101)));
        Assert.Equal(observed, Shown());

        pools.End(settled);
        Settle(Intent(2, 5_000));
        pools.Undo(Intent(2, 5_000).TradeId);

        Assert.Equal(observed, Shown());
    }

    [Fact]
    public void Where_another_executor_wrote_the_outcome_what_was_settled_here_is_taken_back()
    {
        var settled = Settle(Intent(1, 3_000));

        pools.End(settled with { Ending = Ending.Expired, Legs = [], Profit = 0 });

        Assert.Equal(Market.Pools[0].Curve, Shown());
    }

    /// <summary>Its intent was told twice, and the journal took what it was settled with first.</summary>
    [Fact]
    public void A_durable_fill_shows_though_its_trade_was_settled_anew_since()
    {
        var durable = Settle(Intent(1, 3_000));
        pools.Settle(Intent(1, 3_000), newestSlot: 100, Sample.Noon.AddSeconds(1));

        pools.End(durable);

        Assert.Equal(Alone(Intent(1, 3_000)), Shown());
    }

    [Fact]
    public void A_durable_fill_shows_though_it_was_taken_back_before_that_was_known()
    {
        var durable = Settle(Intent(1, 3_000));
        pools.Undo(durable.TradeId);
        Assert.Equal(Market.Pools[0].Curve, Shown());

        pools.End(durable);

        Assert.Equal(Alone(Intent(1, 3_000)), Shown());
    }

    [Fact]
    public void A_durable_fill_that_another_executor_wrote_shows_in_place_of_what_was_settled_here()
    {
        var another = new FilledPools(view, AmountUnit.Whole).Settle(Intent(1, 5_000), newestSlot: 100, Sample.Noon);
        Settle(Intent(1, 3_000));

        pools.End(another);

        Assert.Equal(Alone(Intent(1, 5_000)), Shown());
    }

    [Fact]
    public void A_durable_fill_that_is_told_again_shows_once()
    {
        var durable = Settle(Intent(1, 3_000));
        pools.End(durable);

        pools.End(durable);

        Assert.Equal(Alone(Intent(1, 3_000)), Shown());
    }

    [Fact]
    public void A_fill_that_becomes_durable_while_its_pool_is_hidden_shows_with_it()
    {
        var settled = Settle(Intent(1, 3_000));
        Hide();

        pools.End(settled);
        Trust();
        pools.Undo(Settle(Intent(2, 5_000)).TradeId);

        Assert.Equal(Alone(Intent(1, 3_000)), Shown());
    }

    [Fact]
    public void A_fill_that_is_being_written_shows_though_another_was_taken_back_while_its_pool_was_hidden()
    {
        Settle(Intent(1, 3_000));
        var settled = Settle(Intent(2, 5_000));
        Hide();
        pools.Undo(Intent(1, 3_000).TradeId);
        Assert.False(pools.Shown.TryPool(Pool, out _, out _));

        Trust();
        Assert.Equal(Alone(Intent(2, 5_000)), Shown());
        pools.End(settled);

        Assert.Equal(Alone(Intent(2, 5_000)), Shown());
    }

    [Fact]
    public void A_fill_whose_pool_is_hidden_until_it_is_observed_anew_shows_no_more()
    {
        var observed = new ProductCurve([990, 151_000]);
        var settled = Settle(Intent(1, 3_000));
        Hide();
        pools.End(settled);
        view.Apply(new ReservesChanged(Pool, 2, observed.State, Sample.At(101)));

        Trust();

        Assert.Equal(observed, Shown());
    }

    [Fact]
    public void A_fill_of_another_executor_that_saw_the_pool_later_shows_once_that_is_seen_here()
    {
        var later = new ReservesChanged(Pool, 2, [990, 151_000], Sample.At(101));
        var ahead = Sample.View(Market, slot: 100);
        ahead.Apply(later);
        var another = new FilledPools(ahead, AmountUnit.Whole);
        var outcome = another.Settle(Intent(1, 3_000), newestSlot: 101, Sample.Noon);
        Assert.True(another.Shown.TryPool(Pool, out var filled, out _));

        pools.End(outcome);
        view.Apply(later);

        Assert.Equal(filled.Curve, Shown());
    }

    [Fact]
    public void A_fill_that_becomes_durable_before_its_tokens_are_told_shows_once_they_are()
    {
        var outcome = Settle(Intent(1, 3_000));
        var taken = new MarketView(AmountUnit.Whole);
        taken.Apply(new PoolConfigured(1, Market.Pools[0]));
        taken.Apply(new ReservesChanged(Pool, 1, Market.Pools[0].Curve.State, Sample.At(100)));
        var filled = new FilledPools(taken, AmountUnit.Whole);
        filled.End(outcome);
        Assert.True(filled.Shown.TryPool(Pool, out var before, out _));
        Assert.Equal(Market.Pools[0].Curve, before.Curve);

        foreach (var token in Market.Tokens)
            taken.Apply(new TokenRegistered(1, token));

        Assert.True(filled.Shown.TryPool(Pool, out var after, out _));
        Assert.Equal(Shown(), after.Curve);
    }

    /// <summary>However many trades are under way, what they did is not quoted again for each that ends.</summary>
    [Fact]
    public void What_is_shown_is_made_anew_only_where_something_else_is_to_be_shown()
    {
        var settled = Settle(Intent(1, 3_000));
        Settle(Intent(2, 5_000));
        Hide();
        pools.Undo(Intent(2, 5_000).TradeId);
        Assert.False(pools.Shown.TryPool(Pool, out _, out _));
        Trust();
        var shown = pools.Shown;

        pools.End(settled);

        Assert.Same(shown, pools.Shown);
    }

    /// <summary>The oldest are let go of, and are counted.</summary>
    [Fact]
    public void As_many_swaps_as_are_kept_wait_for_a_hidden_pool()
    {
        var settled = Settle(Intent(1, 3_000));
        Hide();
        pools.End(settled with { Legs = [.. Enumerable.Repeat(settled.Legs[0], FilledPools.WaitingKept)] });
        Assert.Equal(0, pools.LetGo);
        var last = new FilledPools(Sample.View(Market, slot: 100), AmountUnit.Whole).Settle(Intent(2, 5_000), newestSlot: 100, Sample.Noon);

        pools.End(last with { Legs = [.. Enumerable.Repeat(settled.Legs[0] with { Tender = 0 }, FilledPools.WaitingKept), .. last.Legs] });
        Trust();

        Assert.Equal(FilledPools.WaitingKept + 1, pools.LetGo);
        Assert.Equal(Alone(Intent(2, 5_000)), Shown());
    }

    private void Hide() => view.Trust(new TrustFrom(Pool, ulong.MaxValue));

    private void Trust() => view.Trust(new TrustFrom(Pool, 0));

    private TradeOutcome Settle(TradeIntent intent)
    {
        var outcome = pools.Settle(intent, newestSlot: 100, Sample.Noon);
        Assert.Equal(Ending.Executed, outcome.Ending);
        return outcome;
    }

    private PoolCurve Shown()
    {
        Assert.True(pools.Shown.TryPool(Pool, out var pool, out _));
        return pool.Curve;
    }

    /// <summary>The pool as an intent leaves it that nothing was filled before.</summary>
    private PoolCurve Alone(TradeIntent intent)
    {
        var overlay = new PoolOverlay(view);
        PaperVenue.Settle(intent, overlay, AmountUnit.Whole, newestSlot: 100, Sample.Noon);
        Assert.True(overlay.TryPool(Pool, out var pool, out _));
        return pool.Curve;
    }

    /// <summary>It is filled at any price.</summary>
    private static TradeIntent Intent(int number, double tender)
    {
        var snapshot = new SnapshotId(1, number);
        return new TradeIntent(
            TradeId.Of(snapshot, 0), snapshot, 0, [new SettledLeg(Pool, new("USDC"), new("SOL"), tender, 0.001, Sample.At(100))], 1, 0, 200, [], Sample.Noon);
    }
}
