using QTrade.Solver.Newton;

namespace QTrade.Solver;

/// <summary>
/// Everything a solve needs beside its inputs, kept so that one solve after another allocates nothing but its answer. It holds no state that
/// an answer depends on. Not for use by two solves at once.
/// </summary>
public sealed class SolverWorkspace
{
    /// <summary>The answer to the last problem that was solved in this workspace.</summary>
    public RoutingAnswer Answer { get; } = new();

    internal RoutingGraph Graph { get; } = new();

    internal PriceNewton Newton { get; } = new();

    internal InteriorPoint Point { get; } = new();

    internal FeasibleTrade Trade { get; } = new();

    internal PricePolish Polish { get; } = new();

    internal RoutingPool[] Pools = [];

    internal double[] Prices = [], BestPrices = [], BestTender = [], BestReceived = [];

    internal void Load(RoutingProblem problem)
    {
        if (Pools.Length != problem.Pools.Length)
            Pools = new RoutingPool[problem.Pools.Length];
        problem.Pools.CopyTo(Pools);
        Graph.Load(problem);
        if (Prices.Length < Graph.NodeCount)
        {
            Prices = new double[Graph.NodeCount];
            BestPrices = new double[Graph.NodeCount];
        }

        if (BestTender.Length < Graph.LegCount)
        {
            BestTender = new double[Graph.LegCount];
            BestReceived = new double[Graph.LegCount];
        }
    }

    /// <summary>What the interior point needs beside the graph; not needed where the Newton method answers.</summary>
    internal void LoadInterior() => Point.Load(Graph, Pools);
}
