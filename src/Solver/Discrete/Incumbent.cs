using System.Collections.Immutable;

namespace QTrade.Solver.Discrete;

/// <summary>
/// The best trade met: each set of pools offered is routed over exactly, at most once, and then without each of its pools, since one that earns less
/// than it costs is better left out.
/// </summary>
internal sealed class Incumbent(RoutingProblem problem, SelectionLimits limits, SolverOptions options)
{
    /// <summary>
    /// What routing over a set asks for per pool, about, against <see cref="SolverOptions.MaxResponses"/>: where many pools cost more than they earn, leaving one out after the other would have no end. That
    /// much of what is left goes to leaving pools out of one set that is offered; sets that are offered themselves are as many as the search's steps and always tried, or it would go on without ever meeting its bound.
    /// </summary>
    private const long ResponsesPerPool = 10;
    private const int PartPerOffer = 2;

    private readonly SolverWorkspace workspace = new();
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);

    // Pools of all sets that pools were left out of, together.
    private long leftOut;

    /// <summary>c . psi less the cost of the pools used; not using any is always possible.</summary>
    public double Profit { get; private set; }

    /// <summary>The trades, with pools numbered as in the problem.</summary>
    public ImmutableArray<RoutingTrade> Trades { get; private set; } = [];

    /// <summary>psi of the trades.</summary>
    public ImmutableArray<double> NetFlow { get; private set; } = [.. new double[problem.TokenCount]];

    /// <summary>Largest shortfall of psi + h, as in <see cref="RoutingSolution.Residual"/>.</summary>
    public double Residual { get; private set; }

    /// <summary>Whether a pool with linear or near-linear pieces trades.</summary>
    public bool IsPiecewise { get; private set; }

    /// <summary>Iterations of the interior point so far.</summary>
    public int Iterations { get; private set; }

    /// <summary>Routes over the pools, numbered in ascending order, and keeps what comes of it if it is the best.</summary>
    public void Offer(ReadOnlySpan<int> pools) => Offer(pools, leftOut + (Math.Max(0, (options.MaxResponses / ResponsesPerPool) - leftOut) / PartPerOffer));

    private void Offer(ReadOnlySpan<int> pools, long most)
    {
        if (pools.IsEmpty || (limits.MaxPools is { } allowed && pools.Length > allowed) || !seen.Add(string.Join(',', pools.ToArray())))
            return;
        RoutingSolution solution = Route(pools);
        int[] used = Used(solution.Trades, pools);
        if (!Keep(solution, pools) || limits.CostPerPool == 0)
            return;
        for (int k = 0; k < used.Length && leftOut < most; k++)
        {
            leftOut += used.Length - 1;
            Offer([.. used.AsSpan(0, k), .. used.AsSpan(k + 1)], most);
        }
    }

    /// <summary>Routes over the pools alone; trades are numbered within them.</summary>
    public RoutingSolution Route(ReadOnlySpan<int> pools)
    {
        var chosen = ImmutableArray.CreateBuilder<RoutingPool>(pools.Length);
        foreach (int i in pools)
            chosen.Add(problem.Pools[i]);
        RoutingSolution solution = RoutingSolver.Solve(
            new(problem.Values, problem.Holdings, chosen.MoveToImmutable()), SolverStart.Cold, options, workspace);
        Iterations += solution.Iterations;
        return solution;
    }

    /// <summary>Takes a trade over all pools, if the limits allow it.</summary>
    public void Take(RoutingSolution solution)
    {
        int[] all = new int[problem.Pools.Length];
        for (int i = 0; i < all.Length; i++)
            all[i] = i;
        if (!(solution.Trades.Length > limits.MaxPools))
            Keep(solution, all);
    }

    private static int[] Used(ImmutableArray<RoutingTrade> trades, ReadOnlySpan<int> pools)
    {
        var used = new int[trades.Length];
        for (int k = 0; k < used.Length; k++)
            used[k] = pools[trades[k].Pool];
        return used;
    }

    private bool Keep(RoutingSolution solution, ReadOnlySpan<int> pools)
    {
        double profit = solution.Profit - limits.CostPerPool * solution.Trades.Length;
        if (!(profit > Profit))
            return false;
        var trades = ImmutableArray.CreateBuilder<RoutingTrade>(solution.Trades.Length);
        IsPiecewise = false;
        foreach (RoutingTrade trade in solution.Trades)
        {
            trades.Add(trade with { Pool = pools[trade.Pool] });
            IsPiecewise |= problem.Pools[pools[trade.Pool]].IsPiecewise;
        }

        (Profit, Trades, NetFlow, Residual) = (profit, trades.MoveToImmutable(), solution.NetFlow, solution.Residual);
        return true;
    }
}
