using QTrade.Messages.Routing;
using QTrade.Solver;
using QTrade.Trading.Planning;
using QTrade.Trading.Problems;

namespace QTrade.Node;

/// <summary>What an optimizer does with a snapshot: solves it and plans the routes. A pure function of the snapshot (law 2).</summary>
public static class SnapshotSolver
{
    /// <summary>The answer to a snapshot. The same bits for the same snapshot, on every machine.</summary>
    public static SnapshotSolved Solve(SolveSnapshot snapshot)
    {
        var solved = MarketSolver.SolveInFull(
            snapshot.Market,
            snapshot.MarketHash,
            MarketStart.Of(snapshot.Market, snapshot.StartPrices, snapshot.StartTrades),
            new SolverOptions { MaxIterations = snapshot.Options.IterationsMax });
        var plan = RoutePlanner.Plan(solved, snapshot.Options.Routes);
        return new SnapshotSolved(snapshot.SnapshotId, solved.Result, plan.Routes, plan.Unrouted);
    }
}
