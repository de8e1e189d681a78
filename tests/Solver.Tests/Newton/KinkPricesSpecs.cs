using QTrade.Shared.MarketFamilies;
using QTrade.Solver.Arithmetic;
using QTrade.Solver.Newton;
using QTrade.Solver.Pools;
using QTrade.Trading.Problems;

namespace QTrade.Solver.Tests.Newton;

/// <summary>Prices on the kinks of linear pools: what the flows lose there is known before anything is certified.</summary>
public sealed class KinkPricesSpecs
{
    /// <summary>By the bound in double-double at the prices on the kinks, from ramps that are wide still to such as have been centred several times. Curves that prices move far on, from one interval to others, lose less than their weight says.</summary>
    [Theory]
    [InlineData("bins", 50, 0.01)]
    [InlineData("disc", 100, 0.01)]
    [InlineData("hubmixed", 200, 0.25)]
    public void What_flows_lose_at_the_kinks_is_by_how_much_the_bound_is_above_the_dual(string family, int pools, double tolerance)
    {
        RoutingProblem problem = MarketProblem.Build(MarketFamily.Make(family, pools, 3));
        (SolverWorkspace workspace, PriceNewton newton) = Load(problem);
        double[] prices = new double[workspace.Graph.NodeCount];
        int compared = 0;
        for (int round = 0; round < 6; round++)
        {
            Settle(newton);
            double dual = newton.Dual;
            Assert.True(newton.TryAlign(double.PositiveInfinity));
            workspace.Graph.Value.AsSpan(0, prices.Length).CopyTo(prices);
            newton.CopyPrices(prices);
            workspace.Graph.PriceDropped(prices);
            double above = Certificate.UpperBound(problem, prices, workspace.Values.At(problem, prices)) - dual;
            if (newton.Residual <= 1e-9 * dual && newton.KinkLoss > 1e-11 * dual && newton.KinkLoss < 1e-2 * dual)
            {
                Assert.Equal(above, newton.KinkLoss, tolerance * above);
                compared++;
            }

            newton.Recentre();
        }

        Assert.InRange(compared, 2, 6);
    }

    /// <summary>The sides of a pool without a fee begin to gain at the same price, but for roundings: what a deep one seems to lose by these no centring takes away.</summary>
    [Fact]
    public void A_deep_sum_without_a_fee_lets_no_market_without_profit_wait()
    {
        var problem = new RoutingProblem(
            [18.277594031895323, 0, 0, 120.39870839584559, 137.68431434299998],
            [0, 0, 0, 0, 0],
            [
                new ProductPool([0, 3], [157.5384859842756, 25.065693899573088], 8.908377997101292e-5),
                new SumPool([3, 4], [154688.09340411017, 133749.60000907964], [121.7653116024053, 137.68431434299998], fee: 0),
            ]);
        RoutingSolution solution = RoutingSolver.Solve(problem, SolverStart.Cold, SolverOptions.Default);
        Assert.Equal(SolverStatus.NoArbitrage, solution.Status);
        Assert.InRange(solution.Iterations, 0, 10);
    }

    /// <summary>The last pool idles where the sum's wide ramp puts the price of token 1, and trades where its kink does.</summary>
    [Fact]
    public void A_pool_that_the_kinks_bring_to_trade_counts_with_its_depth()
    {
        var problem = new RoutingProblem(
            [1, 0, 1],
            [1e7, 0, 0],
            [
                new SumPool([0, 1], [1e6, 1e6], [1, 1], fee: 0),
                new ProductPool([1, 2], [1e6, 3e6], 0),
                new ProductPool([1, 0], [1e8, 1e8 * 1.0002 / 0.997], 0.003),
            ]);
        (SolverWorkspace workspace, PriceNewton newton) = Load(problem);
        Settle(newton);
        Assert.Contains(-1, newton.Pools.Leg[..newton.Pools.Count]);
        double dual = newton.Dual;
        Assert.True(newton.TryAlign(double.PositiveInfinity));
        double[] prices = new double[3];
        newton.CopyPrices(prices);
        double above = Certificate.UpperBound(problem, prices, workspace.Values.At(problem, prices)) - dual;
        Assert.InRange(above, 0.5, 2);
        Assert.Equal(above, newton.KinkLoss, 0.05 * above);
    }

    /// <summary>Idle, full either way and on a ramp; where the kinks bring it to trade, stop it, and turn it round.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(0.01)]
    [InlineData(-0.01)]
    [InlineData(0.003007)]
    [InlineData(-0.003007)]
    public void What_a_linear_pool_loses_is_what_its_flows_earn_less_than_both_its_sides_at_best(double evaluatedAt)
    {
        var pool = new SumPool([0, 1], [1000, 1000], [1, 1], 0.003);
        var graph = new RoutingGraph();
        Assert.True(graph.TryLoad(new RoutingProblem([1, 1], [0, 0], [pool])));
        var pools = new PricedPools();
        Assert.True(pools.TryLoad(graph, [pool]));
        pools.OpenRamps(areNarrow: true);
        pools.LayRamps();
        pools.Evaluate(0, evaluatedAt);
        foreach (double gap in (double[])[0, 0.0031, -0.0031, 0.004, -0.004, 0.02, -0.02])
        {
            double price = Elementary.Exp(gap), received = pools.Received[0], tender = pools.Tender[0];
            double worth = pools.Leg[0] == 1 ? received - (price * tender) : (price * received) - tender;
            double lost = pool.Arbitrage([1, price]).Nearest() - worth;
            Assert.Equal(lost, pools.KinkLoss(0, gap, [1, price]), (0.03 * lost) + 1e-9);
        }
    }

    [Fact]
    public void Prices_wait_while_their_loss_falls_and_are_put_on_kinks_that_they_are_near_once_it_does_not()
    {
        (_, PriceNewton newton) = Load(MarketProblem.Build(MarketFamily.Make("bins", 50, 3)));
        int waited = 0;
        double before = double.PositiveInfinity;
        Settle(newton);
        double[] prices = newton.Price.ToArray();
        while (!newton.TryAlign(enough: 0))
        {
            Assert.Equal(prices, newton.Price.ToArray());
            waited++;
            Assert.InRange(waited, 1, 40);
            before = newton.KinkLoss;
            newton.Recentre();
            Settle(newton);
            prices = newton.Price.ToArray();
        }

        Assert.NotEqual(prices, newton.Price.ToArray());
        Assert.True(newton.KinkLoss > 0.5 * before, $"aligned at {newton.KinkLoss} after {before}");
        Assert.InRange(newton.KinkLoss, 0, 1e-6 * newton.Dual);
        Assert.InRange(waited, 2, 40);
    }

    private static (SolverWorkspace Workspace, PriceNewton Newton) Load(RoutingProblem problem)
    {
        var workspace = new SolverWorkspace();
        Assert.Null(workspace.Load(problem));
        Assert.True(workspace.TryLoadNewton());
        workspace.Newton.Begin(SolverStart.Cold);
        return (workspace, workspace.Newton);
    }

    private static void Settle(PriceNewton newton)
    {
        for (int step = 0; step < 40 && newton.Step() && newton.Residual > 1e-12 * newton.Dual; step++)
        {
        }
    }
}
