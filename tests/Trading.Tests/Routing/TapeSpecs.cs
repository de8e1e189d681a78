using QTrade.Markets;
using QTrade.Messages;
using QTrade.Messages.Pools;
using QTrade.Messages.Registry;
using QTrade.Messages.Routing;
using QTrade.Trading.Routing;
using QTrade.Trading.States;

namespace QTrade.Trading.Tests.Routing;

public sealed class TapeSpecs
{
    private static readonly RouterOptions Options = new() { FollowsTape = true };

    private static readonly Market Market = Sample.Market(
        [Sample.Token("A", 1), Sample.Token("B", 2)], Sample.Product("p", "A", "B", 100, 50), Sample.Product("q", "A", "B", 100, 60));

    private readonly MarketView view = Sample.View(Market, slot: 5);

    [Fact]
    public void A_cut_is_reached_once_every_pool_stands_where_it_says()
    {
        var tape = new TapeFollower(view);
        Assert.False(tape.IsThere);
        tape.Take(Cut(1, pAt: 7, qAt: 5));
        Assert.False(tape.IsThere);

        Observe(tape, "p", 2, 6);
        Assert.False(tape.IsThere);
        Observe(tape, "p", 3, 7);
        Assert.True(tape.IsThere);
        Assert.Null(tape.Fault);
    }

    [Fact]
    public void Told_again_a_cut_is_looked_at_again()
    {
        var tape = new TapeFollower(view);
        tape.Take(Cut(1, pAt: 7, qAt: 5));
        // Unheard by the follower, as where a router begins.
        view.Apply(new ReservesChanged(new("p"), 2, [101, 50], Sample.At(7)));
        tape.Take(Cut(1, pAt: 7, qAt: 5));
        Assert.True(tape.IsThere);
    }

    [Fact]
    public void A_pool_without_its_configuration_is_waited_for_and_a_retired_one_is_not()
    {
        var partial = new MarketView(AmountUnit.Whole);
        foreach (var token in Market.Tokens)
            partial.Apply(new TokenRegistered(1, token));
        foreach (var pool in Market.Pools)
            partial.Apply(new ReservesChanged(pool.Id, 1, pool.Curve.State, Sample.At(5)));
        partial.Apply(new PoolConfigured(1, Market.Pools[0]));
        var tape = new TapeFollower(partial);
        tape.Take(Cut(1, pAt: 5, qAt: 5));
        Assert.False(tape.IsThere);

        partial.Apply(new PoolRetired(Market.Pools[1].Id, 1));
        Assert.True(tape.IsThere);
    }

    [Fact]
    public void A_retired_pool_that_the_tape_moves_on_is_waited_for_no_more()
    {
        var tape = new TapeFollower(view);
        tape.Take(Cut(1, pAt: 5, qAt: 7));
        view.Apply(new PoolRetired(new("q"), 2));
        tape.Retire(new("q"));
        Assert.True(tape.IsThere);
        tape.Take(Cut(2, pAt: 5, qAt: 9));
        Assert.True(tape.IsThere);
        Assert.Equal([new PoolId("p")], SnapshotCutter.Cut(Started(), view, Options, Sample.Noon, Cut(2, 5, 9))!.Work.Market.Pools.Select(pool => pool.Id));
    }

    [Fact]
    public void What_a_cut_does_not_name_is_not_in_it_and_what_is_not_trusted_is_waited_for()
    {
        var onlyP = new TapeCut("tape", 1, 9, [new(new("p"), Sample.At(5))]);
        Assert.Equal([new PoolId("p")], SnapshotCutter.Cut(Started(), view, Options, Sample.Noon, onlyP)!.Work.Market.Pools.Select(pool => pool.Id));
        Assert.Null(SnapshotCutter.Cut(Started(), view, Options, Sample.Noon, onlyP with { Pools = [] }));

        var tape = new TapeFollower(view);
        view.Trust(new TrustFrom(new("p"), ulong.MaxValue));
        tape.Take(onlyP);
        Assert.False(tape.IsThere);
        view.Trust(new TrustFrom(new("p"), 5));
        Assert.True(tape.IsThere);
    }

    [Fact]
    public void A_pool_that_is_past_the_cut_is_told()
    {
        var tape = new TapeFollower(view);
        tape.Take(Cut(1, pAt: 4, qAt: 5));
        Assert.False(tape.IsThere);
        Assert.Contains("'p' is past cut 1", tape.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tapes_snapshot_is_named_by_its_cut_and_positions_and_withholds_nothing()
    {
        var state = Started();
        state = RouterJournal.Apply(state, SnapshotCutter.Cut(state, view, Options, Sample.Noon, Cut(1, 5, 5))!.Event);
        state = Decide(state, new SnapshotId(1, 1), RouterSamples.Route(0, "p"));
        Assert.True(state.Withheld.ContainsKey(new("p")));

        var cut = Cut(2, 5, 5);
        var offer = SnapshotCutter.Cut(state, view, Options, Sample.Noon, cut)!;
        Assert.Equal(2, offer.Work.Market.Pools.Length);
        Assert.Equal("tape-2", offer.Work.Market.Name);
        Assert.Equal(cut.Slot, offer.Event.Slot);
        Assert.Equal((2, new SnapshotId(1, 1)), (offer.Event.TapeCut, offer.Event.Start));

        // As another node wrote it, with more events on the way.
        var other = Sample.View(Market, slot: 4);
        foreach (var pool in Market.Pools)
            other.Apply(new ReservesChanged(pool.Id, 2, pool.Curve.State, Sample.At(5)));
        var there = SnapshotCutter.Cut(state, other, Options, Sample.Noon, cut)!;
        Assert.Equal(offer.Work.MarketHash, there.Work.MarketHash);
        Assert.Equal(offer.Work.Market, there.Work.Market);
        Assert.NotEqual(SnapshotCutter.Cut(state, view, Options, Sample.Noon)!.Work.MarketHash, SnapshotCutter.Cut(state, other, Options, Sample.Noon)!.Work.MarketHash);
    }

    [Fact]
    public void A_cut_is_over_with_its_decision_or_its_failure_and_not_with_its_router()
    {
        var state = Started();
        state = RouterJournal.Apply(state, SnapshotCutter.Cut(state, view, Options, Sample.Noon, Cut(1, 5, 5))!.Event);
        state = Decide(state, new SnapshotId(1, 1), RouterSamples.Route(0, "p"));
        Assert.Equal(1, state.TapeCut);

        state = RouterJournal.Apply(state, SnapshotCutter.Cut(state, view, Options, Sample.Noon, Cut(2, 5, 5))!.Event);
        Assert.Equal(2, Read(state).Undecided[new SnapshotId(1, 2)].TapeCut);
        foreach (var started in RouterRules.Start(state, Sample.Noon).ToImmutableArray())
            state = RouterJournal.Apply(state, started);
        Assert.Equal((1, 1), (state.TapeCut, Read(state).TapeCut));

        // How long optimizers took, or that they were gone, is no fact of the tape.
        state = Fail(state, new SnapshotId(2, 1), ReasonCode.SolverTimedOut);
        Assert.Equal(1, state.TapeCut);
        state = Fail(state, new SnapshotId(2, 2), ReasonCode.SolverFailed);
        Assert.Equal((2, "tape"), (state.TapeCut, Read(state).Tape));
    }

    private static TapeCut Cut(long number, ulong pAt, ulong qAt) => new("tape", number, 9, [new(new("p"), Sample.At(pAt)), new(new("q"), Sample.At(qAt))]);

    private static RouterState Started() => RouterJournal.Apply(RouterState.Initial, new EpochStarted(1, Sample.Noon));

    private static RouterState Decide(RouterState state, SnapshotId id, Route route)
    {
        foreach (var decided in RouterRules.Decide(state, RouterSamples.Solved(id, ResultStatus.Optimal, [1, 2], route), Options, Sample.Noon).ToImmutableArray())
            state = RouterJournal.Apply(state, decided);
        return state;
    }

    private RouterState Fail(RouterState state, SnapshotId id, ReasonCode reason)
    {
        state = RouterJournal.Apply(state, SnapshotCutter.Cut(state, view, Options, Sample.Noon, Cut(2, 5, 5))!.Event);
        foreach (var failed in RouterRules.Decide(state, new SnapshotFailed(id, reason, ""), Options, Sample.Noon).ToImmutableArray())
            state = RouterJournal.Apply(state, failed);
        return state;
    }

    private static RouterState Read(RouterState state)
    {
        var form = StateForms.Router;
        Assert.True(form.TryDecode(form.Manifest, form.Version, form.Encode(state).Bytes.Span, out var read, out var error), error);
        return read;
    }

    private void Observe(TapeFollower tape, string pool, long sequence, ulong slot)
    {
        view.Apply(new ReservesChanged(new(pool), sequence, [100 + sequence, 50], Sample.At(slot)));
        tape.Hear(new(pool), Sample.At(slot));
    }
}
