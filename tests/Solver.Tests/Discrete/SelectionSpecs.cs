using System.Collections.Immutable;
using System.Numerics;
using QTrade.Markets;
using QTrade.Markets.Files;
using QTrade.Shared;
using QTrade.Shared.MarketFamilies;
using QTrade.Trading.Problems;
using QTrade.Verification;

namespace QTrade.Solver.Tests.Discrete;

public sealed class SelectionSpecs
{
    private const int Pools = 8;

    public static TheoryData<string> Families => new(MarketFamily.Names.Remove("wild").ToArray());

    [Theory]
    [MemberData(nameof(Families))]
    public void No_choice_of_pools_is_better_than_the_answer(string family)
    {
        foreach ((int most, double cost) in ((int, double)[])[(2, 0), (3, 0.02)])
        {
            Market market = MarketFamily.Make(family, Pools, 5 + most);
            RoutingProblem problem = MarketProblem.Build(market);
            double unlimited = RoutingSolver.Solve(problem, SolverStart.Cold, SolverOptions.Default).Profit;
            MarketResult result = Verified(market with { Limits = new MarketLimits(most, cost * unlimited) });
            double best = BestOfAll(problem, most, cost * unlimited);
            Assert.InRange(result.Profit, (best * (1 - 1e-8)) - 1e-9, double.MaxValue);
            Assert.InRange(result.UpperBound, best, double.MaxValue);
            Assert.True(result.Status is ResultStatus.Optimal or ResultStatus.NoArbitrage, $"{market.Name}: {result.Status}, gap {result.Gap}");
        }
    }

    /// <summary>Where many fees, bins and bounds meet it takes more than steps to prove an answer, and the search proved less than the solve without limits had.</summary>
    [Theory]
    [InlineData(8, 4)]
    [InlineData(30, 2)]
    [InlineData(60, 2)]
    public void Limits_that_do_not_bind_leave_the_answer_as_it_is(int pools, int seeds)
    {
        for (int seed = 1; seed <= seeds; seed++)
        {
            Market market = MarketFamily.Make("wild", pools, seed);
            MarketResult unlimited = Verified(market);
            MarketResult result = Verified(market with { Limits = new MarketLimits(pools, 0) });
            Assert.Equal(unlimited.Status, result.Status);
            Assert.Equal(unlimited.Profit, result.Profit);
            Assert.InRange(result.UpperBound, 0, Math.Max(unlimited.UpperBound * (1 + 1e-14), 1e-9));
        }
    }

    [Fact]
    public void Limits_on_wild_markets_are_answered_honestly()
    {
        for (int seed = 1; seed <= 10; seed++)
            Verified(MarketFamily.Make("wild", Pools, seed) with { Limits = new MarketLimits(3, 1) });
    }

    [SharedTheory]
    [InlineData("hubprod-20-s1-K4", 1010.896, 1010.897)]
    [InlineData("hubprod-200-s1-K6", 306.874, 306.875)]
    [InlineData("hubprod-200-s1-K12", 538.495, 542.311)] // The stored optimum is 538.495; the trade found is feasible and earns more.
    [InlineData("paper-100-s1-K10", 5171.38, 5171.4)]
    public void The_known_optima_are_found_and_proved(string name, double least, double most)
    {
        Assert.True(MarketFile.TryReadFile(SharedFiles.At($"markets/{name}.json"), out Market? market, out _, out MarketFileError? error), $"{error}");
        MarketResult result = Verified(market);
        Assert.Equal(ResultStatus.Optimal, result.Status);
        Assert.InRange(result.Profit, least, most);
        Assert.InRange(result.Gap, -1e-9, 1e-9);
        Assert.True(result.UnlimitedBound > result.UpperBound);
    }

    [Fact]
    public void A_spent_budget_of_nodes_leaves_an_honest_gap()
    {
        Market market = MarketFamily.Make("paper", 40, 3) with { Limits = new MarketLimits(6, 10) };
        MarketResult full = Verified(market);
        Assert.Equal(ResultStatus.Optimal, full.Status);
        double before = double.PositiveInfinity;
        foreach (int nodes in (int[])[1, 3, 9])
        {
            MarketResult cut = Verified(market, new() { MaxNodes = nodes });
            Assert.Equal(ResultStatus.Budget, cut.Status);
            Assert.True(cut.Profit <= full.UpperBound && full.Profit <= cut.UpperBound && cut.UpperBound <= before, $"{nodes} nodes: {cut.Profit} to {cut.UpperBound}");
            before = cut.UpperBound;
        }

        MarketResult stopped = Verified(market, new() { MaxResponses = 100 });
        Assert.Equal(ResultStatus.Budget, stopped.Status);
        Assert.True(stopped.Profit <= full.UpperBound && full.Profit <= stopped.UpperBound, $"{stopped.Profit} to {stopped.UpperBound}");
    }

    [Fact]
    public void The_same_market_gives_the_same_bytes()
    {
        Market market = MarketFamily.Make("hubmixed", 30, 2) with { Limits = new MarketLimits(5, 0.5) };
        var workspace = new SolverWorkspace();
        MarketSolver.Solve(MarketFamily.Make("paper", 50, 1), "", SolverStart.Cold, null, workspace);
        byte[] first = ResultFile.Write(MarketSolver.Solve(market, "", SolverStart.Cold));
        Assert.Equal(first, ResultFile.Write(MarketSolver.Solve(market, "", SolverStart.Cold, null, workspace)));
    }

    [Fact]
    public void Limits_that_do_not_bind_change_nothing()
    {
        Market market = MarketFamily.Make("hubprod", 40, 4);
        double unlimited = Verified(market).Profit;
        foreach (int? most in (int?[])[null, 40])
        {
            MarketResult result = Verified(market with { Limits = new MarketLimits(most, 0) });
            Assert.Equal(ResultStatus.Optimal, result.Status);
            Assert.Equal(unlimited, result.Profit, unlimited * 1e-9);
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(5, 1e9)]
    public void Nothing_to_be_had_within_the_limits_is_no_arbitrage(int most, double cost)
    {
        MarketResult result = Verified(MarketFamily.Make("hubprod", 20, 1) with { Limits = new MarketLimits(most, cost) });
        Assert.Equal(ResultStatus.NoArbitrage, result.Status);
        Assert.Empty(result.Trades);
    }

    [Fact]
    public void Limits_out_of_range_are_refused_with_a_reason()
    {
        RoutingProblem problem = MarketProblem.Build(MarketFamily.Make("paper", 5, 1));
        foreach (SelectionLimits limits in (SelectionLimits[])[new(-1, 0), new(1, -1), new(1, double.NaN), new(1, double.PositiveInfinity)])
        {
            RoutingSolution solution = SelectionSolver.Solve(problem, limits, SolverStart.Cold, SolverOptions.Default).Solution;
            Assert.Equal(SolverStatus.Invalid, solution.Status);
            Assert.StartsWith("limits:", solution.Reason, StringComparison.Ordinal);
        }
    }

    private static double BestOfAll(RoutingProblem problem, int most, double cost)
    {
        var workspace = new SolverWorkspace();
        double best = 0;
        for (uint set = 1; set < 1u << problem.Pools.Length; set++)
        {
            if (BitOperations.PopCount(set) > most)
                continue;
            ImmutableArray<RoutingPool> pools = [.. problem.Pools.Where((_, i) => (set >> i & 1) == 1)];
            RoutingSolution solution = RoutingSolver.Solve(new(problem.Values, problem.Holdings, pools), SolverStart.Cold, SolverOptions.Default, workspace);
            best = Math.Max(best, solution.Profit - (cost * solution.Trades.Length));
        }

        return best;
    }

    private static MarketResult Verified(Market market, SolverOptions? options = null)
    {
        string hash = MarketHash.Of(MarketFile.Write(market));
        MarketResult result = MarketSolver.Solve(market, hash, SolverStart.Cold, options);
        VerificationReport report = ResultVerifier.Verify(market, hash, result);
        Assert.True(report.Verified, $"{market.Name}: {report.Summary}");
        return result;
    }
}
