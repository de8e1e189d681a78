using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Markets.Files;
using QTrade.Solver;

namespace QTrade.Trading.Problems;

/// <summary>
/// Market in, result with certificate out: builds the problem, solves it and gives tokens and pools their names back. A pure function of
/// market, start and options.
/// </summary>
public static class MarketSolver
{
    /// <summary>What a thread works in when its caller brings nothing: no answer depends on what is left in it.</summary>
    [ThreadStatic]
    private static SolverWorkspace? _ownWorkspace;

    /// <summary>Of the thread's last market, so that the next is converted only where it changed.</summary>
    [ThreadStatic]
    private static MarketProblemMemory? _ownProblems;

    /// <param name="market">The market.</param>
    /// <param name="marketHash">Hash of the market's bytes, for the result.</param>
    /// <param name="start">Where to begin.</param>
    /// <param name="options">Budgets and tolerances; the defaults where null.</param>
    /// <param name="workspace">Arrays to work in; the thread's own where null. Not for two solves at once.</param>
    public static MarketResult Solve(
        Market market, string marketHash, SolverStart start, SolverOptions? options = null, SolverWorkspace? workspace = null) =>
        SolveInFull(market, marketHash, start, options, workspace).Result;

    /// <summary>The same with what was solved, for an explanation, and with the reason where the market was refused.</summary>
    public static SolvedMarket SolveInFull(
        Market market, string marketHash, SolverStart start, SolverOptions? options = null, SolverWorkspace? workspace = null)
    {
        RoutingProblem problem = (_ownProblems ??= new()).Build(market);
        options ??= SolverOptions.Default;
        workspace ??= _ownWorkspace ??= new();
        if (market.Limits is { } limits)
        {
            SelectionSolution selection = SelectionSolver.Solve(problem, new(limits.MaxPools, limits.CostPerPool), start, options, workspace);
            return new(market, problem, selection.Solution, ResultOf(market, marketHash, selection));
        }

        RoutingSolution solution = RoutingSolver.Solve(problem, start, options, workspace);
        return new(market, problem, solution, ResultOf(market, marketHash, solution));
    }

    private static MarketResult ResultOf(Market market, string marketHash, SelectionSolution selection)
    {
        MarketResult result = ResultOf(market, marketHash, selection.Solution);
        if (result.Status == ResultStatus.Invalid)
            return result;
        var leaves = ImmutableArray.CreateBuilder<MarketSearchLeaf>(selection.Leaves.Length);
        foreach (SearchLeaf leaf in selection.Leaves)
            leaves.Add(new(IdsOf(market, leaf.ForcedIn), IdsOf(market, leaf.ForcedOut), leaf.Prices, leaf.Bound));
        return result with
        {
            UnlimitedBound = selection.UnlimitedBound,
            Search = SearchText.Write(new(selection.Nodes, selection.UnlimitedPrices, leaves.MoveToImmutable())),
        };
    }

    private static ImmutableArray<PoolId> IdsOf(Market market, ImmutableArray<int> pools)
    {
        var ids = ImmutableArray.CreateBuilder<PoolId>(pools.Length);
        foreach (int pool in pools)
            ids.Add(market.Pools[pool].Id);
        return ids.MoveToImmutable();
    }

    private static MarketResult ResultOf(Market market, string marketHash, RoutingSolution solution)
    {
        var trades = ImmutableArray.CreateBuilder<PoolTrade>(solution.Trades.Length);
        foreach (RoutingTrade trade in solution.Trades)
            trades.Add(new(market.Pools[trade.Pool].Id, trade.Tender, trade.Receive, trade.MarginalPriceBefore, trade.MarginalPriceAfter));
        return new()
        {
            Market = market.Name,
            MarketHash = marketHash,
            Solver = SolverVersion.Current,
            Status = StatusOf(solution.Status),
            Profit = solution.Profit,
            UpperBound = solution.UpperBound,
            Gap = solution.Gap,
            Prices = solution.Prices,
            NetFlow = solution.NetFlow,
            Trades = trades.MoveToImmutable(),
            Iterations = solution.Iterations,
        };
    }

    private static ResultStatus StatusOf(SolverStatus status) => status switch
    {
        SolverStatus.Optimal => ResultStatus.Optimal,
        SolverStatus.NoArbitrage => ResultStatus.NoArbitrage,
        SolverStatus.Inaccurate => ResultStatus.Inaccurate,
        SolverStatus.Budget => ResultStatus.Budget,
        SolverStatus.Invalid => ResultStatus.Invalid,
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };
}
