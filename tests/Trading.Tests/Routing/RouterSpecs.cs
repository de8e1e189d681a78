using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Messages;
using QTrade.Messages.Execution;
using QTrade.Messages.Pools;
using QTrade.Messages.Registry;
using QTrade.Messages.Routing;
using QTrade.Trading.Problems;
using QTrade.Trading.Routing;
using QTrade.Verification;

namespace QTrade.Trading.Tests.Routing;

public sealed class RouterSpecs
{
    private static readonly RouterOptions Options = new() { ExpirySlots = 10, OutstandingMax = 2 };

    private static readonly Market Market = Sample.Market(
        [Sample.Token("A", 1), Sample.Token("B", 2)], Sample.Product("p", "A", "B", 100, 50), Sample.Product("q", "A", "B", 100, 60));

    private readonly MarketView view = Sample.View(Market, slot: 5);
    private RouterState state = RouterState.Initial;

    [Fact]
    public void A_router_begins_a_new_epoch()
    {
        Then.Events(RouterRules.Start(state, Sample.Noon), new EpochStarted(1, Sample.Noon));
        Given(RouterRules.Start(state, Sample.Noon));
        Then.Events(RouterRules.Start(state, Sample.Noon), new EpochStarted(2, Sample.Noon));
    }

    [Fact]
    public void A_snapshot_holds_the_newest_market_in_ordinal_order()
    {
        Started();
        var offer = SnapshotCutter.Cut(state, view, Options, Sample.Noon)!;

        Assert.Equal(new SnapshotId(1, 1), offer.Event.SnapshotId);
        Assert.Equal(Market with { Name = "1-1", Slot = 5 }, offer.Work.Market);
        Assert.Equal([new PoolCut(new("p"), 1, 1), new PoolCut(new("q"), 1, 1)], offer.Event.Cut.Pools.ToArray());
        Assert.Equal(offer.Event.MarketHash, offer.Work.MarketHash);
        Assert.Empty(offer.Work.StartPrices);
        Assert.Equal(5UL, offer.Event.Slot);
    }

    [Fact]
    public void Without_a_pool_to_trade_nothing_is_handed_out()
    {
        Started();

        Assert.Null(SnapshotCutter.Cut(state, new MarketView(AmountUnit.Whole), Options, Sample.Noon));
        Then.Rejected(RouterRules.HandOut(state, null), ReasonCode.NothingToSolve);
    }

    [Fact]
    public void The_next_solve_begins_from_the_last_decision()
    {
        Started();
        var first = HandOut();
        Given(Decide(Solved(first, ResultStatus.NoArbitrage)));

        var offer = SnapshotCutter.Cut(state, view, Options, Sample.Noon)!;

        Assert.Equal(first, offer.Event.Start);
        Assert.Equal([1, 2], offer.Work.StartPrices.ToArray());
        Assert.False(offer.Event.StartsWithTrades);
        Assert.Empty(offer.Work.StartTrades);
    }

    [Fact]
    public void The_next_solve_begins_from_the_last_decisions_trades_too()
    {
        Started();
        var solved = Solved(HandOut(), ResultStatus.Optimal);
        ImmutableArray<PoolTrade> trades = [new(new("p"), [1, 0], [0, 1], 1, 1), new(new("q"), [0, 1], [1, 0], 1, 1)];
        Given(Decide(solved with { Result = solved.Result with { Trades = trades } }));

        var offer = SnapshotCutter.Cut(state, view, Options, Sample.Noon)!;

        Assert.True(offer.Event.StartsWithTrades);
        Assert.Equal(trades.ToArray(), offer.Work.StartTrades.ToArray());
    }

    [Fact]
    public void A_certified_absence_of_arbitrage_ends_the_snapshot()
    {
        Started();
        var id = HandOut();

        var decision = Decide(Solved(id, ResultStatus.NoArbitrage));

        Assert.Equal([typeof(Decided), typeof(SnapshotEnded)], decision.ToImmutableArray().Select(change => change.GetType()));
        Assert.Equal(Ending.NoArbitrage, ((SnapshotEnded)decision[1]).Ending);
        Given(decision);
        Assert.Equal((1L, 0L), (state.Snapshots[Ending.NoArbitrage], state.Snapshots.Difference));
    }

    [Fact]
    public void The_first_answer_to_a_snapshot_counts_and_later_ones_change_nothing()
    {
        Started();
        var id = HandOut();
        Given(Decide(Solved(id, ResultStatus.Optimal, Route(0, "p"))));

        Then.Rejected(Decide(Solved(id, ResultStatus.Optimal, Route(0, "p"))), ReasonCode.UnknownSnapshot);
    }

    [Fact]
    public void A_decision_supersedes_older_snapshots_that_are_undecided()
    {
        Started();
        var older = HandOut();
        var newer = HandOut();

        Given(Decide(Solved(newer, ResultStatus.NoArbitrage)));

        Assert.Equal(1, state.Snapshots[Ending.Superseded]);
        Then.Rejected(Decide(Solved(older, ResultStatus.Optimal, Route(0, "p"))), ReasonCode.UnknownSnapshot);
        Assert.Equal(0, state.Snapshots.Difference);
    }

    [Fact]
    public void A_solver_that_failed_ends_its_snapshot_as_failed()
    {
        Started();
        var id = HandOut();

        Then.Events(
            Decide(new SnapshotFailed(id, ReasonCode.SolverFailed, "division")),
            new SnapshotEnded(id, Ending.Failed, ReasonCode.SolverFailed, "division", Sample.Noon));
    }

    [Theory]
    [InlineData(double.NaN, 1, 2)]
    [InlineData(1, double.PositiveInfinity, 2)]
    [InlineData(1, 1, 1)]
    public void An_answer_with_numbers_that_are_none_ends_as_failed(double profit, double price, int prices)
    {
        Started();
        var id = HandOut();
        var solved = Solved(id, ResultStatus.Optimal, Route(0, "p"));
        solved = solved with { Result = solved.Result with { Profit = profit, Prices = [.. Enumerable.Repeat(price, prices)] } };

        var ended = (SnapshotEnded)Decide(solved)[0];

        Assert.Equal((Ending.Failed, ReasonCode.InvalidResult), (ended.Ending, ended.Reason));
    }

    [Fact]
    public void A_profit_that_no_route_can_earn_ends_as_rejected_with_the_reason()
    {
        Started();
        var id = HandOut();
        var decision = Decide(Solved(id, ResultStatus.Optimal) with { Unrouted = ReasonCode.BelowCosts });

        var ended = (SnapshotEnded)decision[1];
        Assert.Equal((Ending.Rejected, ReasonCode.BelowCosts), (ended.Ending, ended.Reason));
    }

    [Fact]
    public void Undecided_snapshots_end_as_failed_by_a_restart_exactly_once()
    {
        Started();
        var id = HandOut();

        Given(RouterRules.Start(state, Sample.Noon));
        Assert.Equal((1L, 1L, 0), (state.Snapshots.HandedOut, state.Snapshots[Ending.Failed], state.Undecided.Count));
        Assert.Equal(1, state.Reasons[ReasonCode.Restarted]);

        Then.Events(RouterRules.Start(state, Sample.Noon), new EpochStarted(3, Sample.Noon));
        Then.Rejected(Decide(Solved(id, ResultStatus.Optimal, Route(0, "p"))), ReasonCode.UnknownSnapshot);
    }

    [Fact]
    public void Decided_routes_stay_open_over_a_restart_and_are_published_again()
    {
        var id = DecidedWith(Route(0, "p"), Route(1, "q"));
        Given(Decide(Outcome(id, 0, Ending.Executed)));
        Given(RouterRules.Start(state, Sample.Noon));

        var item = new RouteQueue(2).Next(state)!;

        Assert.Equal((2L, id), (item.Epoch, item.SnapshotId));
        Assert.Equal([1], item.Routes.Select(route => route.Index));
    }

    [Theory]
    [InlineData(Ending.Rejected, new[] { 0, 1 })]
    [InlineData(Ending.Executed, new[] { 1 })]
    public void Of_linked_routes_those_that_ended_without_effect_are_published_again_with_the_rest(Ending ending, int[] published)
    {
        var id = DecidedWith(Route(0, "p", chain: 0), Route(1, "q", chain: 0), Route(2, "r", chain: 1));
        Given(Decide(Outcome(id, 0, ending)));
        Given(Decide(Outcome(id, 2, Ending.Rejected)));
        Given(RouterRules.Start(state, Sample.Noon));

        Assert.Equal(published, new RouteQueue(2).Next(state)!.Routes.Select(route => route.Index));
    }

    [Fact]
    public void A_snapshot_is_executed_if_any_of_its_routes_was()
    {
        var id = DecidedWith(Route(0, "p", profit: 5), Route(1, "q", profit: 1));
        Given(Decide(Outcome(id, 0, Ending.Rejected)));
        Given(Decide(Outcome(id, 1, Ending.Executed)));

        Assert.Equal(1, state.Snapshots[Ending.Executed]);
        Assert.Equal((1L, 1L), (state.Routes[Ending.Executed], state.Routes[Ending.Rejected]));
        Assert.Equal((0L, 0L), (state.Snapshots.Difference, state.Routes.Difference));
    }

    [Fact]
    public void Otherwise_it_ends_as_its_most_profitable_route_did()
    {
        var id = DecidedWith(Route(0, "p", profit: 1), Route(1, "q", profit: 5));
        Given(Decide(Outcome(id, 1, Ending.Expired)));
        Given(Decide(Outcome(id, 0, Ending.Rejected)));

        Assert.Equal(1, state.Snapshots[Ending.Expired]);
    }

    [Fact]
    public void An_outcome_counts_once()
    {
        var id = DecidedWith(Route(0, "p"), Route(1, "q"));
        Given(Decide(Outcome(id, 0, Ending.Executed)));

        Then.Nothing(Decide(Outcome(id, 0, Ending.Executed)));
        Then.Rejected(Decide(Outcome(new SnapshotId(9, 9), 0, Ending.Executed)), ReasonCode.UnknownTrade);
    }

    [Fact]
    public void A_pool_with_a_live_trade_is_withheld_until_a_later_position_was_observed()
    {
        var id = DecidedWith(Route(0, "p"));
        Assert.Equal(["q"], PoolsOffered());

        Given(Decide(Outcome(id, 0, Ending.Executed, "p", slot: 5)));
        Assert.Equal(["q"], PoolsOffered());

        view.Apply(new ReservesChanged(new("p"), 2, [101, 49], Sample.At(6)));
        Assert.Equal(["p", "q"], PoolsOffered());
        HandOut();
        Assert.Empty(state.Withheld);
    }

    /// <summary>A fee that falls with time tells nothing of what became of our trade: the reserves are those that it was made on.</summary>
    [Fact]
    public void A_pool_of_which_time_alone_makes_other_states_stays_withheld()
    {
        var id = DecidedWith(Route(0, "p"));
        Given(Decide(Outcome(id, 0, Ending.Executed, "p", slot: 5)));
        for (ulong times = 1; times <= 3; times++)
        {
            view.Apply(new ReservesChanged(new("p"), 1 + (long)times, [100, 50], Sample.At(5, times << 32)));
            Assert.Equal(["q"], PoolsOffered());
        }

        view.Apply(new ReservesChanged(new("p"), 5, [101, 49], Sample.At(5, (3UL << 32) + 1)));
        Assert.Equal(["p", "q"], PoolsOffered());
    }

    [Fact]
    public void The_tokens_of_a_withheld_pool_keep_their_places_and_the_next_solve_its_start()
    {
        view.Apply(new TokenRegistered(1, Sample.Token("C", 1)));
        view.Apply(new PoolConfigured(1, Sample.Product("r", "A", "C", 100, 100)));
        view.Apply(new ReservesChanged(new("r"), 1, [100, 100], Sample.At(5)));
        Started();
        var id = HandOut();
        Given(Decide(RouterSamples.Solved(id, ResultStatus.Optimal, [1, 2, 1], Route(0, "r"))));

        var work = SnapshotCutter.Cut(state, view, Options, Sample.Noon)!.Work;

        Assert.Equal(["p", "q"], work.Market.Pools.Select(pool => pool.Id.Value));
        Assert.Equal(["A", "B", "C"], work.Market.Tokens.Select(token => token.Id.Value));
        Assert.Equal([1, 2, 1], work.StartPrices.ToArray());
        var result = MarketSolver.Solve(work.Market, work.MarketHash, MarketStart.Of(work.Market, work.StartPrices, work.StartTrades));
        Assert.Equal(ResultStatus.Optimal, result.Status);
        Assert.True(ResultVerifier.Verify(work.Market, work.MarketHash, result).Verified);
    }

    [Fact]
    public void A_refused_trade_gives_its_pool_back_at_once()
    {
        var id = DecidedWith(Route(0, "p"));
        Given(Decide(Outcome(id, 0, Ending.Rejected)));

        Assert.Equal(["p", "q"], PoolsOffered());
    }

    [Fact]
    public void Routes_on_a_withheld_pool_end_with_the_whole_of_their_chain()
    {
        Started();
        var older = HandOut();
        var newer = HandOut();
        Given(Decide(Solved(older, ResultStatus.Optimal, Route(0, "p"))));

        var decision = Decide(Solved(newer, ResultStatus.Optimal, Route(0, "p", chain: 0), Route(1, "r", chain: 0), Route(2, "q", chain: 1)));

        var ended = decision.ToImmutableArray().OfType<RouteEnded>().Select(end => end.Outcome).ToArray();
        Assert.Equal([0, 1], ended.Select(outcome => outcome.RouteIndex));
        Assert.All(ended, outcome => Assert.Equal(ReasonCode.PoolWithheld, outcome.Reason));
        Given(decision);
        Assert.Equal([2], state.Open[newer].Remaining.Select(route => route.Index));
        Assert.Equal(0, state.Routes.Difference);
    }

    [Fact]
    public void A_solution_whose_routes_are_all_withheld_ends_as_rejected()
    {
        Started();
        var older = HandOut();
        var newer = HandOut();
        Given(Decide(Solved(older, ResultStatus.Optimal, Route(0, "p"))));
        Given(Decide(Solved(newer, ResultStatus.Optimal, Route(0, "p"))));

        Assert.Equal(1, state.Snapshots[Ending.Rejected]);
        Assert.DoesNotContain(newer, state.Open.Keys);
        Assert.Equal(["q"], PoolsOffered());
    }

    [Fact]
    public void The_queue_keeps_to_its_bound_and_the_rest_waits()
    {
        Started();
        var queue = new RouteQueue(Options.OutstandingMax);
        var ids = new List<SnapshotId>();
        foreach (var _ in Market.Pools.Append(Market.Pools[0]))
            ids.Add(HandOut());
        foreach (var (id, pool) in ids.Zip(["p", "q", "r"]))
            Given(Decide(Solved(id, ResultStatus.Optimal, Route(0, pool))));

        Assert.Equal(ids[0], queue.Next(state)!.SnapshotId);
        Assert.Equal(ids[1], queue.Next(state)!.SnapshotId);
        Assert.Null(queue.Next(state));
        Assert.Equal((2, 1, 1L), (queue.Outstanding, queue.Waiting(state), queue.Waited));

        Given(Decide(Outcome(ids[0], 0, Ending.Executed)));
        queue.End(ids[0]);

        Assert.Equal(ids[2], queue.Next(state)!.SnapshotId);
        Assert.Equal((2, 0), (queue.Outstanding, queue.Waiting(state)));
    }

    [Fact]
    public void What_waits_past_its_expiry_ends_without_being_published()
    {
        var id = DecidedWith(Route(0, "p"), Route(1, "q"));
        var queue = new RouteQueue(1);
        Assert.Empty(queue.ExpiredWaiting(state, newestSlot: 15));

        var solution = Assert.Single(queue.ExpiredWaiting(state, newestSlot: 16));
        Given(RouterRules.Expire(solution, 16, Sample.Noon));

        Assert.Equal((2L, 1L), (state.Routes[Ending.Expired], state.Snapshots[Ending.Expired]));
        Assert.DoesNotContain(id, state.Open.Keys);
        Assert.Null(queue.Next(state));
    }

    [Fact]
    public void What_an_earlier_router_decided_is_left_to_the_executor()
    {
        var id = DecidedWith(Route(0, "p"));
        Started();
        var queue = new RouteQueue(1);

        Assert.Empty(queue.ExpiredWaiting(state, newestSlot: 16));
        Assert.Equal(id, queue.Next(state)!.SnapshotId);
    }

    [Fact]
    public void A_new_receiver_is_told_everything_again()
    {
        var id = DecidedWith(Route(0, "p"));
        var queue = new RouteQueue(2);
        queue.Next(state);
        queue.Restart();

        Assert.Equal(id, queue.Next(state)!.SnapshotId);
        Assert.Equal(2, queue.Published);
    }

    private void Started() => Given(RouterRules.Start(state, Sample.Noon));

    private SnapshotId HandOut()
    {
        var offer = SnapshotCutter.Cut(state, view, Options, Sample.Noon)!;
        Given(RouterRules.HandOut(state, offer));
        return offer.Event.SnapshotId;
    }

    private SnapshotId DecidedWith(params Route[] routes)
    {
        Started();
        var id = HandOut();
        Given(Decide(Solved(id, ResultStatus.Optimal, routes)));
        return id;
    }

    private IEnumerable<string> PoolsOffered() =>
        SnapshotCutter.Cut(state, view, Options, Sample.Noon)!.Work.Market.Pools.Select(pool => pool.Id.Value);

    private Decision<IRouterEvent> Decide(IRouterCommand command) => RouterRules.Decide(state, command, Options, Sample.Noon);

    private void Given(Decision<IRouterEvent> decision)
    {
        Assert.Null(decision.Rejection);
        foreach (var change in decision.ToImmutableArray())
        {
            state = RouterJournal.Apply(state, change);
            Assert.Equal((0L, 0L), (state.Snapshots.Difference, state.Routes.Difference));
        }
    }

    private static SnapshotSolved Solved(SnapshotId id, ResultStatus status, params Route[] routes) =>
        RouterSamples.Solved(id, status, [1, 2], routes);

    private static Route Route(int index, string pool, double profit = 1, int? chain = null) => RouterSamples.Route(index, pool, profit, chain);

    private static TradeOutcome Outcome(SnapshotId id, int route, Ending ending, string pool = "p", ulong slot = 5) =>
        RouterSamples.Outcome(id, route, ending, pool, slot);
}
