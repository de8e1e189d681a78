using QTrade.Shared.MarketFamilies;
using QTrade.Trading.Problems;

namespace QTrade.Solver.Tests;

/// <summary>Where a solve begins.</summary>
public sealed class SolverStartSpecs
{
    private const int Moved = 7;

    /// <summary>A token of next to no worth has a price that far from its reference, and its next solve is to begin there.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(1e7)]
    [InlineData(1e12)]
    public void Newtons_method_begins_at_prices_however_far_they_are(double factor)
    {
        (RoutingProblem problem, SolverWorkspace workspace) = Loaded();
        Assert.True(workspace.TryLoadNewton());
        workspace.Newton.Begin(At(problem, problem.Values[Moved] * factor));
        Assert.Equal(problem.Values[Moved] * factor, PriceOf(workspace.Newton.Pools.GraphNode, workspace.Newton.Price), 1e-12 * problem.Values[Moved] * factor);
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(9e5, true)]
    [InlineData(1e7, false)]
    [InlineData(0, false)]
    [InlineData(double.NaN, false)]
    [InlineData(double.PositiveInfinity, false)]
    public void The_interior_point_begins_cold_where_a_price_is_a_million_fold_off(double factor, bool isTaken)
    {
        (RoutingProblem problem, SolverWorkspace workspace) = Loaded();
        workspace.LoadInterior();
        workspace.Point.Begin(SolverStart.Cold);
        double cold = PriceOf(workspace.Point.GraphNode, workspace.Point.Price);
        workspace.Point.Begin(At(problem, cold * factor));
        Assert.Equal(isTaken ? cold * factor : cold, PriceOf(workspace.Point.GraphNode, workspace.Point.Price));
    }

    private static (RoutingProblem, SolverWorkspace) Loaded()
    {
        RoutingProblem problem = MarketProblem.Build(MarketFamily.Make("hubprod", 40, 3));
        var workspace = new SolverWorkspace();
        Assert.Null(workspace.Load(problem));
        return (problem, workspace);
    }

    private static SolverStart At(RoutingProblem problem, double price) => SolverStart.FromPrices(problem.Values.SetItem(Moved, price));

    private static double PriceOf(ReadOnlySpan<int> nodes, ReadOnlySpan<double> prices) => prices[nodes.IndexOf(Moved)];
}
