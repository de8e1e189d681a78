using QTrade.Solver.Arithmetic;

namespace QTrade.Solver;

/// <summary>
/// Moves prices by a few of their last digits, one token at a time, where the dual falls. A deep pool of linear pieces earns its whole depth times what two
/// prices, each rounded to a double, miss its own price by; which way they round is all that can be chosen.
/// </summary>
internal sealed class PricePolish
{
    private const int Rounds = 4;
    private const double Digit = 1.0 / (1L << 52);

    private static readonly double[] Steps = [1, -1, 2, -2, 8, -8, 64, -64, 1024, -1024];

    private int[] first = [], at = [], incident = [];
    private DoubleDouble[] value = [];

    /// <summary>Polishes prices of the tokens of at most <paramref name="mostPools"/> pools, none below its value.</summary>
    public void Polish(RoutingProblem problem, Span<double> prices, int mostPools)
    {
        ListPools(problem);
        for (int i = 0; i < problem.Pools.Length; i++)
            value[i] = Certificate.ValueOf(problem.Pools[i], prices);
        bool moved = true;
        for (int round = 0; round < Rounds && moved; round++)
        {
            moved = false;
            for (int j = 0; j < problem.TokenCount; j++)
                moved |= first[j + 1] - first[j] <= mostPools && Move(problem, prices, j);
        }
    }

    private bool Move(RoutingProblem problem, Span<double> prices, int j)
    {
        double from = prices[j], best = from;
        DoubleDouble least = DoubleDouble.Zero;
        foreach (double step in Steps)
        {
            double to = Math.Max(problem.Values[j], from * (1 + (step * Digit)));
            if (to == from)
                continue;
            prices[j] = to;
            DoubleDouble change = DoubleDouble.Sum(to, -from) * problem.Holdings[j];
            for (int i = first[j]; i < first[j + 1]; i++)
                change += Certificate.ValueOf(problem.Pools[incident[i]], prices) - value[incident[i]];
            if (change < least)
                (least, best) = (change, to);
        }

        prices[j] = best;
        if (best == from)
            return false;
        for (int i = first[j]; i < first[j + 1]; i++)
            value[incident[i]] = Certificate.ValueOf(problem.Pools[incident[i]], prices);
        return true;
    }

    /// <summary>The pools of every token.</summary>
    private void ListPools(RoutingProblem problem)
    {
        int entries = 0, tokens = problem.TokenCount;
        if (first.Length <= tokens)
        {
            first = new int[(2 * tokens) + 1];
            at = new int[(2 * tokens) + 1];
        }

        Array.Clear(first, 0, tokens + 1);
        foreach (RoutingPool pool in problem.Pools)
        {
            entries += pool.Tokens.Length;
            foreach (int token in pool.Tokens)
                first[token + 1]++;
        }

        for (int j = 0; j < tokens; j++)
        {
            first[j + 1] += first[j];
            at[j] = first[j];
        }

        if (incident.Length < entries)
            incident = new int[2 * entries];
        if (value.Length < problem.Pools.Length)
            value = new DoubleDouble[2 * problem.Pools.Length];
        for (int i = 0; i < problem.Pools.Length; i++)
        {
            foreach (int token in problem.Pools[i].Tokens)
                incident[at[token]++] = i;
        }
    }
}
