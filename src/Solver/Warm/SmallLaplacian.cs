namespace QTrade.Solver.Warm;

/// <summary>The system of <see cref="GroundedLaplacian"/> for few tokens, as a full triangle: weights and excess are kept apart, and no difference is ever formed.</summary>
/// <param name="most">Tokens that it takes.</param>
internal sealed class SmallLaplacian(int most)
{
    /// <summary>Least pivot, as a part of the weights in its row.</summary>
    private const double LeastPivot = 1e-14;

    private readonly double[] rows = new double[most * most];
    private readonly double[] excess = new double[most];
    private int count;

    /// <summary>Takes so many tokens, none joined.</summary>
    public void Begin(int tokens)
    {
        count = tokens;
        rows.AsSpan(0, count * count).Clear();
    }

    public void AddWeight(int a, int b, double weight) => rows[(Math.Min(a, b) * count) + Math.Max(a, b)] += weight;

    public void SetExcess(int i, double value) => excess[i] = value;

    /// <summary>Solves by Gaussian elimination, in place of the right side; what was laid is used up.</summary>
    public void Solve(double[] d)
    {
        int n = count;
        double[] w = rows;
        for (int k = 0; k < n; k++)
        {
            double sum = 0;
            int row = k * n;
            for (int j = k + 1; j < n; j++)
                sum += w[row + j];
            double pivot = excess[k] + sum;
            if (!(pivot > LeastPivot * sum))
                pivot = sum > 0 ? LeastPivot * sum : 1;
            double inverse = 1 / pivot;
            w[row + k] = inverse;
            for (int i = k + 1; i < n; i++)
            {
                double factor = w[row + i] * inverse;
                if (factor == 0)
                    continue;
                excess[i] += factor * excess[k];
                d[i] += factor * d[k];
                for (int j = i + 1; j < n; j++)
                    w[(i * n) + j] += factor * w[row + j];
            }
        }

        for (int k = n - 1; k >= 0; k--)
        {
            double sum = d[k];
            for (int j = k + 1; j < n; j++)
                sum += w[(k * n) + j] * d[j];
            d[k] = sum * w[(k * n) + k];
        }
    }
}
