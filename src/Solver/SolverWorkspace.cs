using QTrade.Solver.Newton;

namespace QTrade.Solver;

/// <summary>
/// Everything a solve needs beside its inputs, kept so that one solve after another allocates nothing but its answer. It holds no state that
/// an answer depends on. Not for use by two solves at once.
/// </summary>
public sealed class SolverWorkspace
{
    /// <summary>Replaced pools from which on all are laid anew.</summary>
    private const int MostReplaced = 1000;

    private readonly int[] replaced = new int[MostReplaced];
    private int replacedCount;
    private RoutingProblem? loaded;
    private bool isNewtonLaid, isReplaced;

    /// <summary>The answer to the last problem that was solved in this workspace.</summary>
    public RoutingAnswer Answer { get; } = new();

    /// <summary>Whether solves of 10,000 pools and more may use a second core; where there is one they do unless told otherwise. The answers are the same, to the bit.</summary>
    public bool UsesSecondCore
    {
        get => SecondCore.IsAllowed;
        init => SecondCore.IsAllowed = value;
    }

    internal SecondCore SecondCore { get; } = new();

    internal RoutingGraph Graph { get; }

    internal PriceNewton Newton { get; }

    internal PoolValues Values { get; }

    internal InteriorPoint Point { get; } = new();

    internal FeasibleTrade Trade { get; } = new();

    internal PricePolish Polish { get; } = new();

    internal PairPolish PairPolish { get; } = new();

    internal RoutingPool[] Pools = [];

    internal double[] Prices = [], BestPrices = [], BestTender = [], BestReceived = [];

    public SolverWorkspace()
    {
        Graph = new(SecondCore);
        Newton = new(SecondCore);
        Values = new(SecondCore);
    }

    /// <summary>Whether this problem is loaded, with the pools as they were replaced.</summary>
    internal bool Holds(RoutingProblem problem) => ReferenceEquals(loaded, problem);

    internal void Unload() => loaded = null;

    /// <summary>Takes what a pool of the loaded problem has become; where that does not go nothing is loaded any more.</summary>
    /// <param name="pool">Which pool.</param>
    /// <param name="firstLeg">Its first leg in the graph.</param>
    /// <param name="to">A sound pool.</param>
    internal bool TryReplace(int pool, int firstLeg, RoutingPool to)
    {
        if (loaded is null)
            return false;
        if (!Graph.TryReplace(firstLeg, to))
        {
            loaded = null;
            return false;
        }

        Pools[pool] = to;
        isReplaced = true;
        if (replacedCount < MostReplaced)
            replaced[replacedCount++] = firstLeg;
        else
            isNewtonLaid = false;
        return true;
    }

    /// <summary>Lays what the Newton method needs, of a problem that was laid already only what is another; false where the method does not take the problem.</summary>
    internal bool TryLoadNewton()
    {
        bool isScaledAnew = isReplaced && Graph.ReferAnew();
        if (!isNewtonLaid)
            isNewtonLaid = Newton.TryLoad(Graph, Pools);
        else if (isReplaced)
            Newton.Retake(replaced.AsSpan(0, replacedCount), isScaledAnew);
        isReplaced = false;
        replacedCount = 0;
        return isNewtonLaid;
    }

    /// <summary>Loads a problem; answers what makes it unsolvable, or null.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="refersLater">Whether what only a solve of the whole asks for is left to <see cref="TryLoadNewton"/>.</param>
    internal string? Load(RoutingProblem problem, bool refersLater = false)
    {
        loaded = null;
        if (problem.DefectOfTokens() is { } defect)
            return defect;
        if (!Graph.TryLoad(problem, refersLater))
            return problem.DefectOfPools();
        loaded = problem;
        isNewtonLaid = false;
        isReplaced = refersLater;
        replacedCount = 0;
        if (Pools.Length != problem.Pools.Length)
            Pools = new RoutingPool[problem.Pools.Length];
        problem.Pools.CopyTo(Pools);
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

        return null;
    }

    /// <summary>What the interior point needs beside the graph; not needed where the Newton method answers.</summary>
    internal void LoadInterior() => Point.Load(Graph, Pools);
}
