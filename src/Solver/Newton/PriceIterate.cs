using QTrade.Solver.Arithmetic;

namespace QTrade.Solver.Newton;

/// <summary>
/// Log prices z with nu = S e^z, and what all pools do there: the gradient of D in z, s_j = nu_j (psi_j + h_j), the weights of each token's pools, the tokens that rest at their value.
/// </summary>
internal sealed class PriceIterate(PricedPools pools)
{
    private double[] level = [];

    public int Count { get; private set; }

    /// <summary>Per node: z; the least that it may be, log(c / S), -infinity for a token of no value; which part of the market the node belongs to.</summary>
    public double[] Z { get; private set; } = [];

    public double[] Least { get; private set; } = [];

    public int[] Part { get; private set; } = [];

    /// <summary>More than the largest number of a part.</summary>
    public int PartCount { get; private set; }

    /// <summary>Per node, after <see cref="Settle"/>: nu, s, the sum of its pools' weights.</summary>
    public double[] Nu { get; private set; } = [];

    public double[] S { get; private set; } = [];

    public double[] Stiffness { get; private set; } = [];

    /// <summary>Per node, after <see cref="Settle"/>: whether it rests at its value, s_j >= H_jj (z_j - least_j).</summary>
    public bool[] Rests { get; private set; } = [];

    /// <summary>Sum |s| over the tokens that do not rest.</summary>
    public double Residual { get; private set; }

    /// <summary>D at the prices, as far as plain sums tell.</summary>
    public double Dual { get; private set; }

    /// <summary>Lays the arrays for the pools as they were loaded.</summary>
    public void Load(RoutingGraph graph)
    {
        Count = pools.NodeCount;
        Grow(graph.NodeCount);
        for (int j = 0; j < Count; j++)
        {
            Part[j] = graph.Part(pools.GraphNode[j]);
            Least[j] = pools.Value[j] > 0 ? 0 : double.NegativeInfinity;
        }
    }

    /// <summary>nu at z.</summary>
    public double PriceAt(int j) => PriceAt(j, Z[j]);

    public double PriceAt(int j, double z) => PriceAt(j, z, Elementary.Exp(z));

    private double PriceAt(int j, double z, double power) => z <= Least[j] ? pools.Value[j] : Math.Max(pools.Value[j], pools.Scale[j] * power);

    /// <summary>Sets every part to its least level and evaluates all pools there.</summary>
    public void Settle()
    {
        SetLevels();
        double[] value = pools.Value, holding = pools.Holding, nu = Nu, s = S;
        double dual = 0;
        Lanes.ExpAll(Z.AsSpan(0, Count), nu.AsSpan(0, Count));
        for (int j = 0; j < Count; j++)
        {
            nu[j] = PriceAt(j, Z[j], nu[j]);
            s[j] = nu[j] * holding[j];
            dual += (nu[j] - value[j]) * holding[j];
        }

        dual += pools.EvaluateAll(Z, Nu, S, Stiffness);
        double residual = 0;
        for (int j = 0; j < Count; j++)
        {
            double toBound = Stiffness[j] * (Z[j] - Least[j]);
            bool rests = s[j] >= toBound;
            Rests[j] = rests;
            residual += rests ? toBound : Math.Abs(s[j]);
        }

        Dual = dual;
        Residual = residual;
    }

    /// <summary>Finds how far above its least every part's lowest token is, for <see cref="IsLowest"/>.</summary>
    public void MeasureLevels()
    {
        for (int j = 0; j < Count; j++)
            level[Part[j]] = double.PositiveInfinity;
        for (int j = 0; j < Count; j++)
            level[Part[j]] = Math.Min(level[Part[j]], Z[j] - Least[j]);
    }

    /// <summary>Whether no token of its part is nearer to its least.</summary>
    public bool IsLowest(int j) => !(Z[j] - Least[j] > level[Part[j]]);

    /// <summary>The weight of a pool's edge at the prices that it was evaluated at.</summary>
    public double Weight(int p)
    {
        double latent = pools.LatentWeight(p, Nu[pools.From[p]], Nu[pools.To[p]]);
        if (pools.Leg[p] < 0)
            return latent;
        int into = pools.Leg[p] == 0 ? pools.To[p] : pools.From[p];
        return Math.Max(latent, Nu[into] * pools.Rise[p]);
    }

    /// <summary>
    /// Scaling all prices of a part down only lowers the dual, so the lowest of its tokens touches its bound; where steps went below it the part goes up.
    /// </summary>
    private void SetLevels()
    {
        MeasureLevels();
        for (int j = 0; j < Count; j++)
        {
            double above = level[Part[j]];
            if (above != 0 && double.IsFinite(above))
                Z[j] = Z[j] - Least[j] == above ? Least[j] : Math.Max(Least[j], Z[j] - above);
        }
    }

    private void Grow(int graphNodes)
    {
        if (Z.Length < Count)
        {
            int size = Math.Max(Count, 2 * Z.Length);
            Z = new double[size];
            Least = new double[size];
            Part = new int[size];
            Nu = new double[size];
            S = new double[size];
            Stiffness = new double[size];
            Rests = new bool[size];
        }

        if (level.Length < graphNodes)
            level = new double[Math.Max(graphNodes, 2 * level.Length)];
        PartCount = graphNodes;
    }
}
