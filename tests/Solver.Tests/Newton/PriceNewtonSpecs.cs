using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Shared.MarketFamilies;
using QTrade.Solver.Arithmetic;
using QTrade.Solver.Pools;
using QTrade.Trading.Problems;

namespace QTrade.Solver.Tests.Newton;

/// <summary>The Newton method answers by itself where it can, and gives way to the interior point where it cannot.</summary>
public sealed class PriceNewtonSpecs
{
    [Theory]
    [InlineData("paper", 15)]
    [InlineData("scaling", 15)]
    [InlineData("hubprod", 15)]
    [InlineData("nearno", 15)]
    [InlineData("wide", 15)]
    public void It_certifies_markets_of_curves_without_linear_pieces_alone(string family, int mostSteps)
    {
        foreach ((int pools, int seed) in ((int, int)[])[(20, 1), (60, 2), (200, 3)])
        {
            var workspace = new SolverWorkspace();
            RoutingSolution solution = Solve(MarketProblem.Build(MarketFamily.Make(family, pools, seed)), SolverStart.Cold, workspace);
            AssertCertified(solution, $"{family} {pools} {seed}");
            Assert.Equal(0, workspace.Point.LegCount);
            Assert.InRange(solution.Iterations, 0, mostSteps);
        }
    }

    [Fact]
    public void What_tokens_of_no_worth_lack_in_a_market_of_a_hundred_thousand_pools_costs_no_others_their_trades()
    {
        var workspace = new SolverWorkspace();
        RoutingSolution solution = Solve(MarketProblem.Build(MarketFamily.Make("hubprod", 100_000, 1)), SolverStart.Cold, workspace);
        AssertCertified(solution, "hubprod 100,000");
        Assert.Equal(0, workspace.Point.LegCount);
    }

    [Fact]
    public void An_answer_from_earlier_prices_takes_a_step_or_two()
    {
        RoutingProblem problem = MarketProblem.Build(MarketFamily.Make("hubprod", 200, 4));
        RoutingSolution cold = Solve(problem, SolverStart.Cold, new());
        var pool = (ProductPool)problem.Pools[17];
        var moved = new ProductPool(pool.Tokens, [pool.Reserves[0] * 1.01, pool.Reserves[1] / 1.01], pool.Fee, pool.FeeOut, pool.MaxTender);
        var next = new RoutingProblem(problem.Values, problem.Holdings, problem.Pools.SetItem(17, moved));
        var workspace = new SolverWorkspace();
        RoutingSolution warm = Solve(next, SolverStart.FromPrices(cold.Prices), workspace);
        AssertCertified(warm, "warm");
        Assert.Equal(0, workspace.Point.LegCount);
        Assert.InRange(warm.Iterations, 0, 3);
        Assert.Equal(Solve(next, SolverStart.Cold, new()).Profit, warm.Profit, 1e-9 * warm.Profit);
    }

    [Theory]
    [InlineData("paper")]
    [InlineData("hubprod")]
    [InlineData("wide")]
    [InlineData("ticks")]
    [InlineData("hubmixed")]
    [InlineData("bins")]
    public void Where_it_stalls_the_interior_point_goes_on_to_the_same_optimum(string family)
    {
        RoutingProblem problem = MarketProblem.Build(MarketFamily.Make(family, 60, 5));
        RoutingSolution answered = Solve(problem, SolverStart.Cold, new());
        var workspace = new SolverWorkspace();
        workspace.Newton.MostSteps = 0;
        RoutingSolution fallenBack = Solve(problem, SolverStart.Cold, workspace);
        Assert.True(workspace.Point.LegCount > 0);
        AssertCertified(fallenBack, family);
        Assert.Equal(answered.Profit, fallenBack.Profit, 1e-8 * Math.Max(answered.Profit, 1e-6));
    }

    /// <summary>With a pool of one price the bound is taken at the kinks, and that of a stable pool from its flows where they were found there.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_bound_at_prices_far_from_their_references_is_the_dual(bool hasLinear)
    {
        for (int seed = 1; seed <= 200; seed++)
        {
            var random = new Random(seed);
            double[] values = [1, 1e-7 * (1 + random.NextDouble()), 1e6 * (1 + random.NextDouble()), 1];
            var pools = ImmutableArray.CreateBuilder<RoutingPool>();
            for (int p = 0; p < 12; p++)
            {
                int from = p % 4;
                double depth = from == 3 ? 1e4 : 10;
                pools.Add(new ProductPool([from, (from + 1) % 4], [depth * (0.5 + random.NextDouble()), depth * (0.5 + random.NextDouble())], 0.003));
            }

            if (hasLinear)
            {
                pools.Add(new SumPool([0, 3], [10 * random.NextDouble(), 10 * random.NextDouble()], [1, 1], 0.001));
                pools.Add(new StablePool([3, 0], [2000 * random.NextDouble(), 3000], 80, [1, 1], 0.0004));
            }

            var problem = new RoutingProblem([.. values], [0, 0, 0, 0], pools.ToImmutable());
            RoutingSolution solution = Solve(problem, SolverStart.Cold, new());
            AssertCertified(solution, $"seed {seed}");
            DoubleDouble dual = DoubleDouble.Zero;
            foreach (RoutingPool pool in problem.Pools)
                dual += Certificate.ValueOf(pool, solution.Prices.AsSpan());
            Assert.True(solution.UpperBound >= dual.Hi, $"seed {seed}: {solution.UpperBound:R} is below {dual.Hi:R}");
            Assert.True(solution.UpperBound <= dual.Hi * (1 + 1e-10), $"seed {seed}: {solution.UpperBound:R} is above {dual.Hi:R}");
        }
    }

    [Theory]
    [InlineData("hubmixed")]
    [InlineData("disc")]
    [InlineData("bins")]
    [InlineData("binfees")]
    [InlineData("outfees")]
    [InlineData("bounded")]
    [InlineData("routing")]
    [InlineData("liquidation")]
    public void It_certifies_markets_of_linear_pieces_alone(string family)
    {
        foreach ((int pools, int seed) in ((int, int)[])[(20, 1), (60, 2), (100, 8), (200, 3)])
        {
            var workspace = new SolverWorkspace();
            RoutingSolution solution = Solve(MarketProblem.Build(MarketFamily.Make(family, pools, seed)), SolverStart.Cold, workspace);
            AssertCertified(solution, $"{family} {pools} {seed}");
            Assert.Equal(0, workspace.Point.LegCount);
            Assert.InRange(solution.Iterations, 0, 40);
        }
    }

    // The first has pieces deeper than the profit by more orders than a double has digits: the last ones of prices decide.
    [Theory]
    [InlineData("hubmixed", 20)]
    [InlineData("hubmixed", 100)]
    [InlineData("disc", 100)]
    [InlineData("bins", 40)]
    [InlineData("binfees", 40)]
    [InlineData("routing", 100)]
    public void Markets_of_linear_pieces_go_on_from_an_earlier_decision_and_from_its_prices_alone(string family, int size)
    {
        var market = MarketFamily.Make(family, size, 1);
        RoutingProblem problem = MarketProblem.Build(market);
        Pool[] pools = [.. market.Pools];
        var moves = new PoolMoves(1);
        var workspace = new SolverWorkspace();
        RoutingSolution last = Solve(problem, SolverStart.Cold, workspace);
        int steps = 0;
        const int count = 60;
        for (int move = 0; move < count; move++)
        {
            (int place, Pool moved) = moves.Next(pools);
            pools[place] = moved;
            problem = new(problem.Values, problem.Holdings, problem.Pools.SetItem(place, RoutingPoolKinds.TryMake(moved, problem.Pools[place].Tokens)!));
            string what = $"{family}-{size} after move {move}";
            RoutingSolution priced = Solve(problem, SolverStart.FromPrices(last.Prices), workspace);
            AssertCertified(priced, what + " from prices");
            last = Solve(problem, SolverStart.FromDecision(last.Prices, last.Trades), workspace);
            AssertCertified(last, what);
            Assert.Equal(priced.Profit, last.Profit, 1e-9 * Math.Max(1, last.UpperBound));
            steps += last.Iterations;
        }

        Assert.Equal(0, workspace.Point.LegCount);
        Assert.InRange(steps, 0, 8 * count);
    }

    [Fact]
    public void A_pool_of_more_tokens_leaves_the_market_to_the_interior_point()
    {
        var problem = new RoutingProblem(
            [1, 1, 1],
            [0, 0, 0],
            [new ProductPool([0, 1], [100, 140], 0.003), new WeightedPool([0, 1, 2], [50, 50, 60], [1, 1, 1], 0.001)]);
        var workspace = new SolverWorkspace();
        AssertCertified(Solve(problem, SolverStart.Cold, workspace), "three tokens");
        Assert.True(workspace.Point.LegCount > 0);
    }

    [Fact]
    public void A_trading_bound_on_bins_is_not_passed_by_a_rounding()
    {
        for (int seed = 1; seed <= 200; seed++)
        {
            var random = new Random(seed);
            var bins = ImmutableArray.CreateBuilder<PriceBin>();
            double all = 0;
            for (int k = 0; k < 20; k++)
            {
                double price = 1.5 - (0.01 * k), held = 1 + (999 * random.NextDouble());
                bins.Add(new(price, 0, held, 0.001));
                all += held / price;
            }

            double most = all * (0.9 + (0.05 * random.NextDouble()));
            var problem = new RoutingProblem([1, 1], [0, 0], [new BinsPool([0, 1], bins.ToImmutable(), 0.001, maxTender: [most, most]), new ProductPool([0, 1], [1e6, 1e6], 0.01)]);
            RoutingSolution solution = Solve(problem, SolverStart.Cold, new());
            AssertCertified(solution, $"seed {seed}");
            double tender = solution.Trades.Where(trade => trade.Pool == 0).Max(trade => trade.Tender[0]);
            Assert.True(tender <= most && tender >= 0.999 * most, $"seed {seed}: {tender:R} of {most:R}");
        }
    }

    [Fact]
    public void A_trading_bound_binds_in_print()
    {
        var problem = new RoutingProblem(
            [1, 1],
            [0, 0],
            [new ProductPool([0, 1], [100, 140], 0.003, maxTender: [2, 2]), new ProductPool([0, 1], [140, 100], 0.003)]);
        var workspace = new SolverWorkspace();
        RoutingSolution solution = Solve(problem, SolverStart.Cold, workspace);
        AssertCertified(solution, "bound");
        Assert.Equal(0, workspace.Point.LegCount);
        Assert.Equal(2, solution.Trades[0].Tender[0]);
    }

    /// <summary>The profit is next to nothing beside what sums without a fee could turn over: after an attempt that neither kinks nor balances explain, doubles bring no other to its end.</summary>
    [Fact]
    public void Where_digits_are_lost_the_next_attempt_is_exact()
    {
        var problem = new RoutingProblem(
            [0.16519765344690424, 103.54635240675245, 0, 17.719695664811738, 0, 0, 0],
            [0, 0, 0, 0, 0, 0, 0],
            [
                new ProductPool([5, 1], [7461109.843961768, 119739.35153720989], 0),
                new SumPool([3, 0], [2389.850007516834, 256338.11582408563], [17.72009720312945, 0.16519765344690424], 0.010609999915764652),
                new SumPool([4, 3], [764546513.1818767, 514731079.3642572], [11.928947521029611, 17.719695664811738], 0.013694138519038928),
                new SumPool([1, 4], [159585.95266740015, 1385166.5963670067], [103.54874198131995, 11.929367921282243], 0.015470735251375028),
                new SumPool([0, 3], [5103199576.905972, 47574269.03304261], [0.16520451735444253, 17.719695664811738], 1.1462143831774942e-05),
                new SumPool([3, 6], [86224034.834101, 12937847.657513656], [17.72014534804203, 118.0895713242188], 0, maxTender: [0, 8622403.483410101]),
                new SumPool([4, 1], [2030064.9477621152, 233875.7321640906], [11.929571210805445, 103.54635240675245], 0),
                new SumPool([4, 1], [136186.11071157205, 15689.607586250451], [11.929460326408474, 103.54635240675245], 0),
                new SumPool([2, 5], [225351.0769289809, 22112874.206066392], [163.07398196429097, 1.6618136622299504], 0.0003729909686063086),
                new ProductPool([3, 0], [32787.94884589934, 3516998.0127420845], 0),
                new SumPool([1, 2], [662142.6181255982, 420459.5558694271], [103.5429763564622, 163.0708291023368], 0),
            ]);
        RoutingSolution solution = Solve(problem, SolverStart.Cold, new());
        AssertCertified(solution, "lost digits");
        Assert.InRange(solution.Iterations, 1, 20);
    }

    private static RoutingSolution Solve(RoutingProblem problem, SolverStart start, SolverWorkspace workspace) =>
        RoutingSolver.Solve(problem, start, SolverOptions.Default, workspace);

    private static void AssertCertified(RoutingSolution solution, string what)
    {
        Assert.True(solution.Status is SolverStatus.Optimal or SolverStatus.NoArbitrage, $"{what}: {solution.Status}, gap {solution.Gap:R}");
        Assert.True(solution.UpperBound - solution.Profit <= 1e-9 * Math.Max(1, solution.UpperBound), $"{what}: gap {solution.Gap:R}");
        Assert.True(solution.Residual <= 1e-12, $"{what}: short by {solution.Residual:R}");
    }
}
