using QTrade.Solver.Arithmetic;

namespace QTrade.Solver.Discrete;

/// <summary>
/// What no choice of pools in a leaf can pass, for any nu >= c:
/// <code>
///     sum over forced in of (arb_i(nu) - cost) + the K - |forced in| largest positive (arb_i(nu) - cost) of the free pools + (nu - c) . h
/// </code>
/// It is the Lagrangian bound of the choice: for every chosen set the dual of routing over that set alone, less its cost. As exact
/// as <see cref="Certificate"/>, rounded up.
/// </summary>
internal sealed class LeafBound(RoutingProblem problem, SelectionLimits limits)
{
    private const double RoundUp = 4e-16;

    private readonly DoubleDouble[] worth = new DoubleDouble[problem.Pools.Length];

    /// <param name="choice">Per pool: in, out or free.</param>
    /// <param name="prices">nu, one per token.</param>
    public double At(ReadOnlySpan<Choice> choice, ReadOnlySpan<double> prices)
    {
        DoubleDouble bound = Holdings(prices);
        double size = bound.Hi;
        int free = 0, forced = 0;
        for (int i = 0; i < choice.Length; i++)
        {
            if (choice[i] == Choice.Out)
                continue;
            DoubleDouble excess = Arbitrage(i, prices) - limits.CostPerPool;
            if (choice[i] == Choice.In)
            {
                forced++;
                bound += excess;
                size += Math.Abs(excess.Hi);
            }
            else if (excess.Hi > 0)
            {
                worth[free++] = excess;
            }
        }

        int open = limits.MaxPools is { } most ? Math.Min(free, Math.Max(0, most - forced)) : free;
        if (open < free)
            Array.Sort(worth, 0, free, Descending.Instance);
        for (int i = 0; i < open; i++)
        {
            bound += worth[i];
            size += worth[i].Hi;
        }

        return size > 0 ? (bound + size * RoundUp).Hi + Certificate.LeastRoundUp : bound.Hi;
    }

    private DoubleDouble Arbitrage(int i, ReadOnlySpan<double> prices)
    {
        RoutingPool pool = problem.Pools[i];
        int k = pool.Tokens.Length;
        Span<double> local = k <= 16 ? stackalloc double[k] : new double[k];
        for (int a = 0; a < k; a++)
            local[a] = prices[pool.Tokens[a]];
        return pool.Arbitrage(local);
    }

    private DoubleDouble Holdings(ReadOnlySpan<double> prices)
    {
        DoubleDouble sum = DoubleDouble.Zero;
        for (int j = 0; j < problem.TokenCount; j++)
        {
            if (problem.Holdings[j] > 0)
                sum += DoubleDouble.Sum(prices[j], -problem.Values[j]) * problem.Holdings[j];
        }

        return sum;
    }

    private sealed class Descending : IComparer<DoubleDouble>
    {
        public static Descending Instance { get; } = new();

        public int Compare(DoubleDouble x, DoubleDouble y) => x.Hi != y.Hi ? y.Hi.CompareTo(x.Hi) : y.Lo.CompareTo(x.Lo);
    }
}
