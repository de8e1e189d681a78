using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using QTrade.Markets;
using QTrade.Markets.Files;
using QTrade.Markets.Quotes;
using QTrade.Messages;
using QTrade.Messages.Routing;
using QTrade.Solver;
using QTrade.Shared;
using QTrade.Shared.MarketFamilies;
using QTrade.Trading.Planning;
using QTrade.Trading.Problems;

namespace QTrade.Trading.Tests.Planning;

public sealed class RoutePlannerSpecs
{
    private static readonly RouteOptions Free = new(LegsMax: 8, LinkedRoutesMax: 3, RoutesMax: 64, 0, 0, 0, WorkingCapital: 1e12);

    private static readonly Market TwoPools = Sample.Market(
        [Sample.Token("SOL", 150), Sample.Token("USDC", 1)],
        Sample.Product("dear", "SOL", "USDC", 1000, 160_000),
        Sample.Product("cheap", "SOL", "USDC", 1000, 150_000));

    /// <summary>A ring of five tokens of which only the first has a value, one product pool from each to the next.</summary>
    private static readonly Market Ring = Sample.Market(
        [Sample.Token("t0", 1), .. Enumerable.Range(1, 4).Select(i => Sample.Token($"t{i}", 0))],
        [.. Enumerable.Range(0, 5).Select(i => Sample.Product($"p{i}", $"t{i}", $"t{(i + 1) % 5}", 1000, 1050))]);

    [Fact]
    public void Two_pools_at_different_prices_make_a_cycle_that_begins_and_ends_in_a_funded_token()
    {
        var plan = Plan(TwoPools, Free);

        Assert.Equal(ReasonCode.None, plan.Unrouted);
        var cycle = plan.Routes[0];
        Assert.Equal(2, cycle.Legs.Length);
        Assert.Equal(cycle.Legs[0].TokenIn, cycle.Legs[1].TokenOut);
        Assert.Equal(cycle.Legs[0].TokenOut, cycle.Legs[1].TokenIn);
    }

    [Fact]
    public void Routes_earn_what_the_solution_promises()
    {
        var solved = Solve(TwoPools);
        var earned = RoutePlanner.Plan(solved, Free).Routes.Sum(route => route.Profit);

        Assert.InRange(earned, solved.Result.Profit * 0.99, solved.Result.Profit * (1 + 1e-6));
    }

    [Fact]
    public void A_cycle_too_long_for_one_transaction_is_cut_into_linked_routes()
    {
        var whole = Assert.Single(Plan(Ring, Free).Routes);
        Assert.Equal(5, whole.Legs.Length);

        var routes = Plan(Ring, Free with { LegsMax = 2 }).Routes;

        Assert.Equal([1, 2, 2], routes.Select(route => route.Legs.Length).Order());
        Assert.All(routes, route => Assert.Equal(0, route.Chain));
        Assert.Equal([0, 1, 2], routes.Select(route => route.Index));
        Assert.Equal([0, 0, whole.Profit], routes.Select(route => route.Profit));
        Assert.Equal(whole.Legs.ToArray(), routes.SelectMany(route => route.Legs));
    }

    [Fact]
    public void A_cycle_too_long_for_all_the_linked_routes_allowed_is_no_route()
    {
        var plan = Plan(Ring, Free with { LegsMax = 2, LinkedRoutesMax = 2 });

        Assert.Empty(plan.Routes);
        Assert.Equal(ReasonCode.NoRoute, plan.Unrouted);
    }

    [Fact]
    public void Costs_count_per_leg_and_per_route()
    {
        var routes = Plan(Ring, Free with { LegsMax = 2, CostPerLeg = 0.5, CostPerRoute = 0.25 }).Routes;

        Assert.Equal(routes.Select(route => 0.25 + 0.5 * route.Legs.Length), routes.Select(route => route.Cost));
    }

    [Fact]
    public void What_does_not_pay_its_costs_is_not_planned_and_says_so()
    {
        var profit = Plan(Ring, Free).Routes.Sum(route => route.Profit);

        Assert.NotEmpty(Plan(Ring, Free with { CostPerRoute = profit * 0.99 }).Routes);
        var plan = Plan(Ring, Free with { CostPerRoute = profit * 1.01 });
        Assert.Empty(plan.Routes);
        Assert.Equal(ReasonCode.BelowCosts, plan.Unrouted);
    }

    [Fact]
    public void What_gains_less_than_any_route_costs_is_below_costs_before_a_path_is_looked_for()
    {
        var noPath = Free with { LegsMax = 2, LinkedRoutesMax = 2 };
        var gain = Solve(Ring).Result.Profit;

        Assert.Equal(ReasonCode.NoRoute, Plan(Ring, noPath with { CostPerRoute = gain * 0.99 }).Unrouted);
        Assert.Equal(ReasonCode.BelowCosts, Plan(Ring, noPath with { CostPerRoute = gain * 1.01 }).Unrouted);
        Assert.Equal(ReasonCode.BelowCosts, Plan(Ring, noPath with { ProfitMin = gain * 1.01 }).Unrouted);
    }

    /// <summary>Pools gain little over the dual price of what is held: what is earned is that price, over a value of nothing.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(0.4)]
    public void A_holding_worth_more_at_its_dual_price_than_at_its_value_pays_costs_that_the_pools_do_not(double value)
    {
        var market = Sample.Market(
            [Sample.Token("DUST", value, holding: 10), Sample.Token("USDC", 1)], Sample.Product("a", "DUST", "USDC", 1000, 1000));
        var solved = Solve(market);
        var trade = Assert.Single(solved.Result.Trades);
        var gain = (trade.Receive[1] * solved.Result.Prices[1]) - (trade.Tender[0] * solved.Result.Prices[0]);
        var options = Free with { WorkingCapital = 0, CostPerRoute = 10 * gain };

        var route = Assert.Single(RoutePlanner.Plan(solved, options).Routes);

        Assert.True(route.Profit > options.CostPerRoute);
    }

    /// <summary>The wide cycle turns over more and earns a cent or so with the capital there is; only the narrow one pays, and tries are few.</summary>
    [Fact]
    public void A_cycle_that_does_not_pay_with_all_there_is_to_start_with_is_not_tried_again()
    {
        var market = Sample.Market(
            [Sample.Token("A", 1), Sample.Token("B", 1), Sample.Token("X", 0), Sample.Token("Y", 0)],
            Sample.Product("wide 1", "A", "X", 100_000, 100_000),
            Sample.Product("wide 2", "X", "A", 100_000, 102_000),
            Sample.Product("narrow 1", "B", "Y", 1000, 1000),
            Sample.Product("narrow 2", "Y", "B", 1000, 1200));
        var options = Free with { RoutesMax = 1, WorkingCapital = 5, CostPerRoute = 0.2 };

        var route = Assert.Single(Plan(market, options).Routes);

        Assert.Equal("B", route.Legs[0].TokenIn.Value);
    }

    /// <summary>All that the wide cycle's pools gain is a cent, and they turn over most: with little capital, and with enough for all of it.</summary>
    [Theory]
    [InlineData(5)]
    [InlineData(1000)]
    public void A_cycle_whose_pools_gain_less_than_its_costs_is_passed_by(double capital)
    {
        var market = Sample.Market(
            [Sample.Token("A", 1), Sample.Token("B", 1), Sample.Token("X", 0), Sample.Token("Y", 0)],
            Sample.Product("wide 1", "A", "X", 10_000_000, 10_000_000),
            Sample.Product("wide 2", "X", "A", 10_000_000, 10_062_000),
            Sample.Product("narrow 1", "B", "Y", 1000, 1000),
            Sample.Product("narrow 2", "Y", "B", 1000, 1200));
        var options = Free with { RoutesMax = 1, WorkingCapital = capital, CostPerRoute = 0.2 };

        var route = Assert.Single(Plan(market, options).Routes);

        Assert.Equal("B", route.Legs[0].TokenIn.Value);
    }

    [Fact]
    public void Working_capital_that_is_short_is_used_round_after_round()
    {
        var routes = Plan(Ring, Free with { WorkingCapital = 5 }).Routes;

        Assert.True(routes.Length > 1);
        Assert.Equal(5, routes[0].Legs[0].Tender);
        AssertCovered(Ring, routes, Free with { WorkingCapital = 5 });
    }

    [Fact]
    public void Without_capital_or_holding_nothing_can_begin() =>
        Assert.Empty(Plan(Ring, Free with { WorkingCapital = 0 }).Routes);

    [Fact]
    public void A_holding_is_sold_along_an_open_path()
    {
        var market = Sample.Market(
            [Sample.Token("DUST", 0, holding: 100), Sample.Token("MID", 0), Sample.Token("USDC", 1)],
            Sample.Product("a", "DUST", "MID", 1000, 1000),
            Sample.Product("b", "MID", "USDC", 1000, 1000));

        var route = Assert.Single(Plan(market, Free with { WorkingCapital = 0 }).Routes);

        Assert.Equal(["DUST", "MID"], route.Legs.Select(leg => leg.TokenIn.Value));
        Assert.InRange(route.Legs[0].Tender, 99.999, 100);
        Assert.InRange(route.Profit, 80, 100);
    }

    [Fact]
    public void A_pool_of_many_tokens_becomes_legs_of_one_token_each()
    {
        var weighted = new Pool
        {
            Id = new("balancer"),
            Tokens = [new("A"), new("B"), new("C")],
            Fee = 0.001,
            Curve = new WeightedCurve([1000, 1000, 1000], [1, 1, 1]),
        };
        var market = Sample.Market(
            [Sample.Token("A", 1), Sample.Token("B", 1), Sample.Token("C", 1)],
            weighted, Sample.Product("ab", "A", "B", 1000, 1200), Sample.Product("ac", "A", "C", 1000, 1300));
        var solved = Solve(market);

        var routes = RoutePlanner.Plan(solved, Free).Routes;

        Assert.All(routes.SelectMany(route => route.Legs), leg => Assert.NotEqual(leg.TokenIn, leg.TokenOut));
        Assert.Contains(routes.SelectMany(route => route.Legs), leg => leg.PoolId == weighted.Id);
        Assert.InRange(routes.Sum(route => route.Profit), solved.Result.Profit * 0.95, solved.Result.Profit * (1 + 1e-6));
        AssertCovered(market, routes, Free);
    }

    [Fact]
    public void No_more_routes_are_planned_than_allowed() =>
        Assert.True(Plan(Ring, Free with { WorkingCapital = 1, RoutesMax = 3 }).Routes.Length == 3);

    /// <summary>The chain that earns most begins with what another gains, and there is room for one only.</summary>
    [Fact]
    public void Where_the_best_chain_begins_with_what_another_gains_the_first_one_is_planned()
    {
        var plan = Plan(MarketFamily.Make("paper", 16, 34980), new RouteOptions(LegsMax: 2, LinkedRoutesMax: 1, RoutesMax: 1, 0, 0, 0, WorkingCapital: 1e12));

        Assert.Equal(ReasonCode.None, plan.Unrouted);
        Assert.True(Assert.Single(plan.Routes).Profit > 200);
    }

    [Fact]
    public void The_same_result_is_always_planned_the_same()
    {
        var solved = Solve(TwoPools);

        Assert.Equal(
            RoutePlanner.Plan(solved, Free).Routes.ToArray(), RoutePlanner.Plan(solved, Free).Routes.ToArray());
    }

    [Fact]
    public void Legs_of_random_markets_are_always_covered_exact_and_never_past_the_solution()
    {
        var options = Gen.Choose(2, 5).SelectMany(_ => Gen.Choose(0, 3), (legs, capital) => Free with
        {
            LegsMax = legs,
            WorkingCapital = capital == 0 ? 1e12 : capital * 10.0,
            CostPerLeg = 0.001,
        });
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), options.ToArbitrary(), (seed, option) =>
        {
            var market = RandomMarket(new Random(seed));
            var solved = Solve(market);
            var routes = RoutePlanner.Plan(solved, option).Routes;
            AssertCovered(market, routes, option);
            AssertWithin(market, solved.Result, routes);
            Assert.All(routes, route => Assert.InRange(route.Legs.Length, 1, option.LegsMax));
            Assert.All(routes.GroupBy(route => route.Chain), chain => Assert.True(chain.Sum(route => route.Profit - route.Cost) > 0));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(150));
    }

    [SharedTheory]
    [InlineData("angeris5-5-s0.json", 0.99)]
    [InlineData("paper-100-s1.json", 0.90)]
    [InlineData("orca-185759999.json", 0.90)]
    public void Routes_of_known_markets_earn_most_of_the_optimum(string file, double share)
    {
        Assert.True(MarketFile.TryReadFile(SharedFiles.At($"markets/{file}"), out var market, out _, out var error), error?.ToString());
        var solved = Solve(market);

        var routes = RoutePlanner.Plan(solved, Free with { RoutesMax = 1000 }).Routes;

        AssertCovered(market, routes, Free);
        Assert.InRange(routes.Sum(route => route.Profit), solved.Result.Profit * share, solved.Result.UpperBound * (1 + 1e-8));
    }

    /// <summary>Of many chains over the same pools the best are kept: what they are quoted may not be what it was behind one that was not.</summary>
    [Theory]
    [InlineData("paper", 30)]
    [InlineData("hubprod", 60)]
    public void Legs_are_exact_quotes_of_pools_as_the_routes_before_leave_them(string family, int size)
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var market = MarketFamily.Make(family, size, seed);
            var options = Free with { RoutesMax = 1 + (seed % 4) };
            AssertCovered(market, RoutePlanner.Plan(Solve(market), options).Routes, options);
        }
    }

    private static RoutePlan Plan(Market market, RouteOptions options) => RoutePlanner.Plan(Solve(market), options);

    private static SolvedMarket Solve(Market market) => MarketSolver.SolveInFull(market, "", SolverStart.Cold);

    private static Market RandomMarket(Random random)
    {
        var tokens = ImmutableArray.CreateRange(
            Enumerable.Range(0, 6).Select(i => Sample.Token($"t{i}", i < 2 ? 1 : random.Next(2), random.Next(4) == 0 ? random.Next(10) : 0)));
        var pools = Enumerable.Range(0, 12).Select(i =>
        {
            int a = random.Next(6), b = (a + 1 + random.Next(5)) % 6;
            return Sample.Product($"p{i}", $"t{a}", $"t{b}", random.Next(500, 2000), random.Next(500, 2000));
        });
        return Sample.Market(tokens, [.. pools]);
    }

    /// <summary>
    /// Runs the legs in their order: no tender is more than what is there, of holding, working capital and earlier receives, and every amount
    /// is the exact quote on the pool as the legs before left it. Linked routes count as one.
    /// </summary>
    private static void AssertCovered(Market market, ImmutableArray<Route> routes, RouteOptions options)
    {
        var pools = market.Pools.ToDictionary(pool => pool.Id);
        var tokens = market.Tokens.ToDictionary(token => token.Id);
        var balances = market.Tokens.ToDictionary(
            token => token.Id, token => token.Holding + (token.Value > 0 ? options.WorkingCapital / token.Value : 0));
        foreach (var leg in routes.SelectMany(route => route.Legs))
        {
            Assert.True(leg.Tender <= balances[leg.TokenIn] * (1 + 1e-12), $"{leg} of {balances[leg.TokenIn]}");
            var pool = pools[leg.PoolId];
            int tokenIn = pool.Tokens.IndexOf(leg.TokenIn), tokenOut = pool.Tokens.IndexOf(leg.TokenOut);
            AmountGrid gridIn = AmountGrid.Of(market.Units, tokens[leg.TokenIn]), gridOut = AmountGrid.Of(market.Units, tokens[leg.TokenOut]);
            var error = PoolQuotes.ExactIn(pool, tokenIn, tokenOut, leg.Tender, gridIn, gridOut, out var quote);
            if (error == QuoteError.InsufficientLiquidity)
                error = PoolQuotes.ExactOut(pool, tokenIn, tokenOut, leg.Receive, gridIn, gridOut, out quote);
            Assert.Equal((QuoteError.None, leg.Tender, leg.Receive), (error, quote.TenderIn, quote.ReceiveOut));
            pools[leg.PoolId] = pool with { Curve = quote.After };
            balances[leg.TokenIn] -= leg.Tender;
            balances[leg.TokenOut] += leg.Receive;
        }
    }

    /// <summary>No pool is given more than the solution gives it; the sample's amounts have no steps to round up to.</summary>
    private static void AssertWithin(Market market, MarketResult result, ImmutableArray<Route> routes)
    {
        foreach (var tender in routes.SelectMany(route => route.Legs).GroupBy(leg => (leg.PoolId, leg.TokenIn)))
        {
            var pool = market.Pools.Single(pool => pool.Id == tender.Key.PoolId);
            var planned = result.Trades.Single(trade => trade.Pool == pool.Id).Tender[pool.Tokens.IndexOf(tender.Key.TokenIn)];
            Assert.True(tender.Sum(leg => leg.Tender) <= planned * (1 + 1e-9), $"{tender.Key} past {planned}");
        }
    }
}
