using QTrade.Shared.MarketFamilies;
using QTrade.Solver.Newton;
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

    [Fact]
    public void Prices_wait_while_their_loss_falls_and_are_put_on_kinks_that_they_are_near_once_it_does_not()
    {
        (_, PriceNewton newton) = Load(MarketProblem.Build(MarketFamily.Make("bins", 50, 3)));
        int waited = 0;
        double enough = 0, before = double.PositiveInfinity;
        Settle(newton);
        while (!newton.TryAlign(enough))
        {
            waited++;
            Assert.InRange(waited, 1, 40);
            before = newton.KinkLoss;
            newton.Recentre();
            Settle(newton);
        }

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
