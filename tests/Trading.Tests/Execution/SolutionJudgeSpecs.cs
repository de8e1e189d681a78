using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Messages;
using QTrade.Messages.Execution;
using QTrade.Messages.Pools;
using QTrade.Messages.Registry;
using QTrade.Messages.Routing;
using QTrade.Solver;
using QTrade.Trading.Execution;
using QTrade.Trading.Planning;
using QTrade.Trading.Problems;
using QTrade.Trading.Routing;

namespace QTrade.Trading.Tests.Execution;

public sealed class SolutionJudgeSpecs
{
    private static readonly SnapshotId Snapshot = new(1, 7);
    private static readonly RouteOptions Options = new(8, 3, 8, CostPerLeg: 0.01, CostPerRoute: 0.02, ProfitMin: 0, WorkingCapital: 1_000_000);

    private static readonly Market Market = Sample.Market(
        [Sample.Token("SOL", 150), Sample.Token("USDC", 1)],
        Sample.Product("cheap", "SOL", "USDC", 1000, 150_000),
        Sample.Product("dear", "SOL", "USDC", 1000, 160_000));

    private static readonly ImmutableArray<Route> Routes =
        RoutePlanner.Plan(MarketSolver.SolveInFull(Market, "", SolverStart.Cold), Options).Routes;

    private readonly MarketView view = Sample.View(Market, slot: 100);
    private readonly ExecutionDesk desk = new();
    private ExecutorState state = ExecutorState.Initial(new RiskLimits(1e9, 1e9, 3));
    private ulong newestSlot = 100;
    private ExecutionTerms terms = new(AmountUnit.Whole, Options);

    [Fact]
    public void On_an_unmoved_market_the_intent_is_the_plan_exactly()
    {
        var intents = Intents();

        Assert.Equal(Routes.SelectMany(route => route.Legs), intents.SelectMany(intent => intent.Legs)
            .Select(leg => new Leg(leg.PoolId, leg.TokenIn, leg.TokenOut, leg.Tender, leg.Receive)));
        Assert.All(intents.SelectMany(intent => intent.Legs), leg => Assert.Equal(Sample.At(100), leg.At));
        Assert.Equal(Routes.Select(route => TradeId.Of(Snapshot, route.Index)), intents.Select(intent => intent.TradeId));
        Assert.Equal(Routes.Sum(route => route.Profit), intents.Sum(intent => intent.Profit), 6);
    }

    [Fact]
    public void What_no_longer_profits_after_costs_is_rejected_as_moved()
    {
        view.Apply(new ReservesChanged(new("dear"), 2, [1000, 150_000], Sample.At(101)));

        Refused(Ending.Rejected, ReasonCode.PoolMoved);
    }

    [Fact]
    public void What_still_profits_is_intended_at_the_new_amounts()
    {
        view.Apply(new ReservesChanged(new("dear"), 2, [1000, 159_900], Sample.At(101)));

        var leg = Intents()[0].Legs.Single(leg => leg.PoolId.Value == "dear");
        Assert.Equal(Sample.At(101), leg.At);
        Assert.True(leg.Receive < Routes[0].Legs.Single(leg => leg.PoolId.Value == "dear").Receive);
    }

    [Fact]
    public void Expired_work_is_always_refused()
    {
        newestSlot = 109;

        Refused(Ending.Expired, ReasonCode.Expired);
    }

    [Fact]
    public void Work_at_its_very_expiry_is_done()
    {
        newestSlot = 108;

        Assert.NotEmpty(Intents());
    }

    [Fact]
    public void Nothing_is_intended_while_trading_is_halted()
    {
        Given(new SetTradingState(TradingState.Halted, ReasonCode.Operator, "", Sample.Noon));

        Refused(Ending.Rejected, ReasonCode.Halted);
    }

    [Fact]
    public void Reducing_lets_only_what_lowers_holdings_through()
    {
        Given(new SetTradingState(TradingState.Reducing, ReasonCode.Operator, "", Sample.Noon));

        Refused(Ending.Rejected, ReasonCode.Reducing);

        state = state with { Balances = state.Balances.SetItem(new("USDC"), -1e4).SetItem(new("SOL"), -1) };
        Assert.NotEmpty(Intents());
    }

    [Fact]
    public void A_stake_past_the_limit_is_rejected()
    {
        Given(new SetRiskLimits(new RiskLimits(1, 1e9, 3), Sample.Noon));

        Refused(Ending.Rejected, ReasonCode.NotionalLimit);
    }

    [Fact]
    public void A_stake_that_is_not_there_is_rejected()
    {
        terms = terms with { Routes = Options with { WorkingCapital = 1 } };

        Refused(Ending.Rejected, ReasonCode.InsufficientCapital);
    }

    /// <summary>What trades under way take is spent already; what they bring is not there yet.</summary>
    [Fact]
    public void A_stake_that_a_trade_under_way_takes_is_not_there()
    {
        var stake = Intents()[0].Legs[0];
        terms = terms with { Routes = Options with { WorkingCapital = stake.Tender * 1.5 * (stake.TokenIn.Value == "SOL" ? 150 : 1) } };
        Assert.NotEmpty(Intents());
        TradeIntent elsewhere = Intents()[0] with
        {
            TradeId = new TradeId("elsewhere"),
            SnapshotId = new SnapshotId(1, 6),
            Legs = [stake with { PoolId = new PoolId("another"), TokenOut = new TokenId("OTHER") }],
        };
        desk.Begin(elsewhere);

        Refused(Ending.Rejected, ReasonCode.InsufficientCapital);

        // What it did is in the balances once it is tallied, though it is told later.
        state = state with { Tallied = state.Tallied.Add(elsewhere.TradeId) };
        Assert.NotEmpty(Intents());
        state = state with { Tallied = state.Tallied.Remove(elsewhere.TradeId) };
        desk.End(elsewhere.TradeId);
        Assert.NotEmpty(Intents());
    }

    /// <summary>After a restart one of two linked routes may be under way alone: the other is asked how it stands, and not begun.</summary>
    [Fact]
    public void Beside_a_linked_route_that_is_under_way_the_others_end()
    {
        Route whole = Routes[0];
        ImmutableArray<Route> linked = [whole with { Index = 0, Legs = [whole.Legs[0]] }, whole with { Index = 1, Legs = [.. whole.Legs.Skip(1)] }];
        var solution = new ExecuteSolution(1, Snapshot, linked, ExpirySlot: 108);
        var intents = SolutionJudge.Judge(state, desk, view, solution, terms, newestSlot, Sample.Noon).Cast<IntendTrade>().ToArray();
        Assert.Equal(2, intents.Length);
        Assert.All(intents, intend => Assert.Equal([0, 1], intend.Intent.LinkedRoutes.AsEnumerable()));
        Assert.All(Intents(), intent => Assert.Empty(intent.LinkedRoutes));
        desk.Begin(intents[0].Intent);

        var ended = Assert.IsType<EndTrade>(Assert.Single(SolutionJudge.Judge(state, desk, view, solution, terms, newestSlot, Sample.Noon)));

        Assert.Equal((intents[1].Intent.TradeId, Ending.Rejected, ReasonCode.NotIntended), (ended.Outcome.TradeId, ended.Outcome.Ending, ended.Outcome.Reason));
    }

    [Fact]
    public void Costs_count_on_paper_too()
    {
        var profit = Routes.Sum(route => route.Profit);
        terms = terms with { Routes = Options with { CostPerLeg = profit } };

        Refused(Ending.Rejected, ReasonCode.PoolMoved);
    }

    [Fact]
    public void A_pool_with_a_trade_under_way_is_left_alone()
    {
        desk.Begin(Intents()[0] with { TradeId = new TradeId("other"), SnapshotId = new SnapshotId(1, 6) });
        Refused(Ending.Rejected, ReasonCode.PoolWithheld);

        desk.End(new TradeId("other"));
        Assert.NotEmpty(Intents());
    }

    [Fact]
    public void A_newer_decision_supersedes_an_older_one_on_the_same_pools()
    {
        var newer = Intents()[0] with { TradeId = new TradeId("newer"), SnapshotId = new SnapshotId(1, 8) };
        desk.Begin(newer);
        desk.End(newer.TradeId);

        Refused(Ending.Superseded, ReasonCode.SupersededByNewer);
    }

    [Fact]
    public void A_solution_that_arrives_twice_is_begun_once()
    {
        foreach (var intent in Intents())
            desk.Begin(intent);

        Assert.Empty(Judge());
    }

    [Fact]
    public void A_replaced_router_is_not_heard()
    {
        Assert.True(desk.Hear(3));
        Assert.True(desk.Hear(3));
        Assert.False(desk.Hear(2));
    }

    [Fact]
    public void A_retired_pool_is_rejected_with_its_name()
    {
        view.Apply(new PoolRetired(new("dear"), 2));

        var outcome = Refused(Ending.Rejected, ReasonCode.UnknownPool);
        Assert.Contains("'dear'", outcome.Detail);
    }

    [Fact]
    public void An_intent_fills_on_paper_as_it_stands()
    {
        var pools = new PoolOverlay(view);
        foreach (var intent in Intents())
        {
            var outcome = PaperVenue.Settle(intent, pools, AmountUnit.Whole, newestSlot, Sample.Noon);

            Assert.Equal((Ending.Executed, ReasonCode.None), (outcome.Ending, outcome.Reason));
            Assert.Equal(intent.Legs.ToArray(), outcome.Legs);
            Assert.Equal(intent.Profit - intent.Cost, outcome.Profit);
        }
    }

    [Fact]
    public void A_fill_shows_in_the_pools_until_a_later_position_is_observed()
    {
        var pools = new PoolOverlay(view);
        PaperVenue.Settle(Intents()[0], pools, AmountUnit.Whole, newestSlot, Sample.Noon);

        Assert.True(pools.TryPool(new("dear"), out var pool, out _));
        Assert.NotEqual(Market.Pools[1].Curve, pool.Curve);

        view.Apply(new ReservesChanged(new("dear"), 2, [5, 6], Sample.At(101)));
        Assert.True(pools.TryPool(new("dear"), out pool, out _));
        Assert.Equal(new ProductCurve([5, 6]), pool.Curve);
    }

    [Fact]
    public void A_fill_shows_in_a_pool_of_which_time_alone_makes_other_states()
    {
        var pools = new PoolOverlay(view);
        PaperVenue.Settle(Intents()[0], pools, AmountUnit.Whole, newestSlot, Sample.Noon);
        Assert.True(pools.TryPool(new("dear"), out var filled, out var at));

        view.Apply(new ReservesChanged(new("dear"), 2, Market.Pools[1].Curve.State, new PositionVector(at[0] with { WriteVersion = 1UL << 32 })));
        Assert.True(pools.TryPool(new("dear"), out var pool, out _));
        Assert.Equal(filled.Curve, pool.Curve);

        view.Apply(new ReservesChanged(new("dear"), 3, [5, 6], new PositionVector(at[0] with { WriteVersion = (1UL << 32) + 1 })));
        Assert.True(pools.TryPool(new("dear"), out pool, out _));
        Assert.Equal(new ProductCurve([5, 6]), pool.Curve);
    }

    [Fact]
    public void An_intent_on_pools_that_moved_too_far_is_not_filled_and_leaves_no_trace()
    {
        var intent = Intents()[0];
        view.Apply(new ReservesChanged(new("dear"), 2, [1000, 120_000], Sample.At(101)));
        var pools = new PoolOverlay(view);

        var outcome = PaperVenue.Settle(intent, pools, AmountUnit.Whole, newestSlot, Sample.Noon);

        Assert.Equal((Ending.Rejected, ReasonCode.PoolMoved, 0.0), (outcome.Ending, outcome.Reason, outcome.Profit));
        Assert.Empty(outcome.Legs);
        Assert.Equal(0, pools.Count);
    }

    [Fact]
    public void An_expired_intent_is_not_filled()
    {
        var outcome = PaperVenue.Settle(Intents()[0], new PoolOverlay(view), AmountUnit.Whole, newestSlot: 109, Sample.Noon);

        Assert.Equal(Ending.Expired, outcome.Ending);
    }

    [Fact]
    public void A_slip_that_the_profit_can_bear_is_filled_for_less()
    {
        var intent = Intents()[0];
        view.Apply(new ReservesChanged(new(intent.Legs[^1].PoolId.Value), 2, Slipped(intent.Legs[^1]), Sample.At(101)));

        var outcome = PaperVenue.Settle(intent, new PoolOverlay(view), AmountUnit.Whole, newestSlot, Sample.Noon);

        Assert.Equal(Ending.Executed, outcome.Ending);
        Assert.InRange(outcome.Profit, 0.001, intent.Profit - intent.Cost - 0.001);
    }

    /// <summary>The last leg's pool with a thousandth less of what it gives.</summary>
    private ImmutableArray<double> Slipped(SettledLeg leg)
    {
        Assert.True(view.TryPool(leg.PoolId, out var pool, out _));
        var given = pool.Tokens.IndexOf(leg.TokenOut);
        return pool.Curve.State.SetItem(given, pool.Curve.State[given] * 0.999);
    }

    private ImmutableArray<ITradeMessage> Judge() => SolutionJudge.Judge(
        state, desk, view, new ExecuteSolution(1, Snapshot, Routes, ExpirySlot: 108), terms, newestSlot, Sample.Noon);

    private TradeIntent[] Intents() => [.. Judge().Select(command => Assert.IsType<IntendTrade>(command).Intent)];

    private TradeOutcome Refused(Ending ending, ReasonCode reason)
    {
        var outcomes = Judge().Select(command => Assert.IsType<EndTrade>(command).Outcome).ToArray();
        Assert.Equal(Routes.Length, outcomes.Length);
        Assert.All(outcomes, outcome => Assert.Equal((ending, reason), (outcome.Ending, outcome.Reason)));
        return outcomes[0];
    }

    private void Given(IExecutorCommand command) =>
        state = ExecutorRules.Decide(state, command).ToImmutableArray().Aggregate(state, ExecutorRules.Apply);
}
