using QTrade.Markets;
using QTrade.Shared.MarketFamilies;
using QTrade.Solver.Pools;
using QTrade.Solver.Warm;
using QTrade.Trading.Problems;
using QTrade.Verification;

namespace QTrade.Solver.Tests;

/// <summary>Hostile but legal numbers: never an exception, never a NaN, never a trade or a bound that does not hold.</summary>
public sealed class HostileSpecs
{
    /// <summary>What a pool is worth may be beyond all numbers: then nothing is proven, and 'no arbitrage' least of all.</summary>
    [Fact]
    public void A_value_beyond_the_numbers_is_no_bound()
    {
        RoutingPool sound = new ProductPool([1, 0], [8000, 8800], 0.003);
        RoutingPool beyond = new WeightedPool([2, 3], [4.4e197, 9.8e-151], [1, 4], 0.002);
        var problem = new RoutingProblem([1, 0.95, 1.04, 0.95], [0, 20, 0, 0], [sound, beyond]);
        AssertHonest(RoutingSolver.Solve(problem, SolverStart.Cold, SolverOptions.Default));
        var session = new RoutingSession();
        session.Load(new(problem.Values, problem.Holdings, [sound, new WeightedPool([2, 3], [1000, 4000], [1, 4], 0.002)]));
        session.Solve();
        session.Move(1, beyond);
        session.Solve();
        AssertHonest(session.ToSolution());
    }

    private static void AssertHonest(RoutingSolution solution) =>
        Assert.True(
            solution.Status == SolverStatus.Invalid || solution.Profit <= solution.UpperBound,
            $"{solution.Status}: profit {solution.Profit:R}, bound {solution.UpperBound:R}");

    [Theory]
    [InlineData(2, 60)]
    [InlineData(8, 60)]
    [InlineData(30, 20)]
    public void Every_answer_is_honest(int pools, int seeds)
    {
        var workspace = new SolverWorkspace();
        for (int seed = 100; seed < 100 + seeds; seed++)
            Verified(MarketFamily.Make("hostile", pools, seed), workspace);
    }

    /// <summary>
    /// Numbers drawn without regard to each other: what is printed always holds, and nearly every market is certified. The others have an optimum that no printed
    /// doubles prove (a pool without fees whose depth times the rounding of a price is worth more than the gap) or balances over more orders than doubles have digits.
    /// </summary>
    [Theory]
    [InlineData(2, 1, 40, 39)]
    [InlineData(3, 1, 40, 39)]
    [InlineData(8, 1, 40, 39)]
    [InlineData(30, 1, 25, 24)]
    [InlineData(100, 10, 10, 9)]
    public void Nearly_all_wild_markets_are_certified(int pools, int firstSeed, int seeds, int least)
    {
        var workspace = new SolverWorkspace();
        int certified = 0;
        var others = new List<string>();
        for (int seed = firstSeed; seed < firstSeed + seeds; seed++)
        {
            MarketResult result = Verified(MarketFamily.Make("wild", pools, seed), workspace);
            if (result.Status is ResultStatus.Optimal or ResultStatus.NoArbitrage)
                certified++;
            else
                others.Add($"{result.Market} {result.Status} {result.Gap:E1}");
        }

        Assert.True(certified >= least, string.Join("; ", others));
    }

    /// <summary>
    /// Markets that were not certified or not verified once: prices far above the references, balances that close late, references without bound, prices whose last digit decides, alone or with another's, bounds that
    /// lost what roundings of far prices and of kinks of deep pools are worth.
    /// </summary>
    [Theory]
    [InlineData("wild", 2, new[] { 2, 4, 9, 34, 53, 56, 61, 74, 91, 122, 128, 133, 138, 140, 142 })]
    [InlineData("wild", 8, new[] { 1, 3, 5, 9, 10, 17, 30, 35, 36, 53, 56, 61, 62, 64, 77, 86 })]
    [InlineData("wild", 30, new[] { 3, 7, 33, 35, 41, 42, 44, 47 })]
    [InlineData("wild", 2, new[] { 2076 })]
    [InlineData("wild", 3, new[] { 2076, 2144, 10143 })]
    [InlineData("wild", 100, new[] { 5, 16, 24, 30, 10098 })]
    [InlineData("hostile", 30, new[] { 9115, 9137 })]
    [InlineData("wideunit", 3, new[] { 87 })]
    [InlineData("hubmixed", 1000, new[] { 1 })]
    [InlineData("liquidation", 1000, new[] { 1 })]
    public void Once_uncertified_markets_are_certified(string family, int pools, int[] seeds)
    {
        var workspace = new SolverWorkspace();
        foreach (int seed in seeds)
        {
            MarketResult result = Verified(MarketFamily.Make(family, pools, seed), workspace);
            Assert.True(result.Status is ResultStatus.Optimal or ResultStatus.NoArbitrage, $"{result.Market}: {result.Status}, gap {result.Gap}");
        }
    }

    [Fact]
    public void Pools_that_are_the_same_twice_and_tokens_that_nobody_trades_do_no_harm()
    {
        Market market = MarketFamily.Make("hubprod", 20, 9);
        Market doubled = market with
        {
            Tokens = [.. market.Tokens, new Token { Id = new TokenId("lone"), Value = 3, Holding = 4 }],
            Pools = [.. market.Pools, .. market.Pools.Select(pool => pool with { Id = new PoolId(pool.Id.Value + "again") })],
        };
        MarketResult one = MarketSolver.Solve(market, "", SolverStart.Cold);
        MarketResult two = MarketSolver.Solve(doubled, "", SolverStart.Cold);
        Assert.Equal(ResultStatus.Optimal, two.Status);
        Assert.Equal(2 * one.Profit, two.Profit, 1e-8 * two.Profit);
    }

    /// <summary>
    /// An interval a last digit wide, and 1e20 times as much liquidity behind it: at prices that rest at the tokens' values, where doubles cannot tell whether the pool trades, it is worth up to a thousandth of the bound, which
    /// its first interval does not tell.
    /// </summary>
    [Theory]
    [InlineData(0.3302844512883036, 6.759157876523323E-05, 0.05836316885863509, 0.0017292721389854035, 4.1203059334722695E+22)]
    [InlineData(0.4959615929964751, 27083610.462664858, 4.5054483674915874E-07, 119262775326402.3, 2.0324015958056292E+19)]
    [InlineData(0.05216735184759244, 2822.730930298642, 7166695051.2442045, 4.1554579591039205E-07, 21645699663835.73)]
    public void A_curve_at_its_kink_counts_for_what_lies_behind(double fee, double firstValue, double secondValue, double price, double liquidity)
    {
        Pool Between(string id, string first, string second, PoolCurve curve, double poolFee = 0.003) =>
            new() { Id = new(id), Tokens = [new(first), new(second)], Fee = poolFee, Curve = curve };
        var market = new Market
        {
            Name = "kink",
            Tokens =
            [
                new Token { Id = new("a"), Value = firstValue },
                new Token { Id = new("b"), Value = secondValue },
                new Token { Id = new("c"), Value = 0 },
                new Token { Id = new("d"), Value = 0 },
            ],
            Pools =
            [
                Between("kink", "a", "b", new ConcentratedCurve(price, [price * 0.5, Math.BitDecrement(price), price * 2], [liquidity * 1e10, liquidity * 1e-10]), fee),
                Between("p1", "a", "c", new ProductCurve([1000 / firstValue, 1300])),
                Between("p2", "a", "c", new ProductCurve([1000 / firstValue, 1000])),
                Between("p3", "b", "d", new ProductCurve([1000 / secondValue, 1300])),
                Between("p4", "b", "d", new ProductCurve([1000 / secondValue, 1000])),
            ],
        };
        Verified(market, new());
    }

    private static MarketResult Verified(Market market, SolverWorkspace workspace)
    {
        MarketResult result = MarketSolver.Solve(market, "", SolverStart.Cold, null, workspace);
        Assert.True(double.IsFinite(result.Profit) && double.IsFinite(result.UpperBound), $"{market.Name}: {result.Profit}, {result.UpperBound}");
        VerificationReport report = ResultVerifier.Verify(market, result);
        Assert.True(report.Verified, $"{market.Name}: {report.Summary}");
        return result;
    }
}
