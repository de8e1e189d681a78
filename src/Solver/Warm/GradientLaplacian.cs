namespace QTrade.Solver.Warm;

/// <summary>Conjugate gradients (Hestenes, Stiefel, 1952) scaled by the diagonal, over a neighbourhood whose tokens all have many pools; resting tokens are held.</summary>
internal sealed class GradientLaplacian
{
    private const int MostRounds = 60;
    private const double Tolerance = 1e-4;

    private double[] residuals = [], along = [], product = [], diagonal = [];
    private double[] weight = [], excess = [];
    private JoinedPools joined = null!;
    private int count;

    /// <summary>Makes room for so many tokens.</summary>
    public void Grow(int tokens)
    {
        residuals = new double[tokens];
        along = new double[tokens];
        product = new double[tokens];
        diagonal = new double[tokens];
    }

    /// <summary>Solves to a part of the residuals; the arguments are those of <see cref="LocalSystem.Solve"/>.</summary>
    public void Solve(int tokens, JoinedPools pools, double[] weights, double[] excesses, double[] modelled, bool[] rests, double[] room, double[] d)
    {
        (count, joined, weight, excess) = (tokens, pools, weights, excesses);
        TakeDiagonal();
        for (int i = 0; i < count; i++)
        {
            d[i] = rests[i] ? room[i] : 0;
            along[i] = d[i];
        }

        Multiply();
        double norm = 0;
        for (int i = 0; i < count; i++)
        {
            residuals[i] = rests[i] ? 0 : -modelled[i] - product[i];
            along[i] = residuals[i] / diagonal[i];
            norm += residuals[i] * along[i];
        }

        double enough = Tolerance * Tolerance * norm;
        for (int round = 0; round < MostRounds && norm > enough; round++)
        {
            Multiply();
            double curvature = 0;
            for (int i = 0; i < count; i++)
                curvature += along[i] * product[i];
            double t = norm / curvature, next = 0;
            for (int i = 0; i < count; i++)
            {
                d[i] += t * along[i];
                residuals[i] -= t * (rests[i] ? 0 : product[i]);
                next += residuals[i] * residuals[i] / diagonal[i];
            }

            double share = next / norm;
            for (int i = 0; i < count; i++)
                along[i] = (residuals[i] / diagonal[i]) + (share * along[i]);
            norm = next;
        }
    }

    private void TakeDiagonal()
    {
        int[] first = joined.First, second = joined.Second;
        excess.AsSpan(0, count).CopyTo(diagonal);
        for (int l = 0; l < joined.Count; l++)
        {
            if (first[l] < 0 || second[l] < 0)
                continue;
            diagonal[first[l]] += weight[l];
            diagonal[second[l]] += weight[l];
        }
    }

    private void Multiply()
    {
        int[] first = joined.First, second = joined.Second;
        for (int i = 0; i < count; i++)
            product[i] = excess[i] * along[i];
        for (int l = 0; l < joined.Count; l++)
        {
            int a = first[l], b = second[l];
            if (a < 0 || b < 0)
                continue;
            double flow = weight[l] * (along[a] - along[b]);
            product[a] += flow;
            product[b] -= flow;
        }
    }
}
