namespace QTrade.Solver;

/// <summary>
/// The system of <see cref="GroundedLaplacian"/> where eliminating tokens would join nearly all of what is left with one another: conjugate gradients (Hestenes, Stiefel, "Methods of conjugate gradients
/// for solving linear systems", 1952), preconditioned by an elimination that fills in nothing. Time and memory of a step are those of going over the links a few times; the solution has the digits that
/// steps of Newton's method need, not all.
/// </summary>
internal sealed class IterativeLaplacian
{
    /// <summary>Part of the first residual, as the preconditioner measures it, at which a solution counts as found, and the steps after which it is taken as it is.</summary>
    private const double Found = 1e-11;
    private const int MostSteps = 200;

    /// <summary>How often the residual is taken anew from the solution, since those that are carried drift away from it.</summary>
    private const int Rounds = 2;

    /// <summary>An excess that is so many times the weights beside it says where its token is.</summary>
    private const double Holds = 1e20;

    private readonly ApproximateElimination preconditioner = new();
    private int count, edgeCount;
    private int[] low = [], high = [];
    private double[] weight = [], between = [], excess = [], loose = [];
    private double[] right = [], residual = [], preconditioned = [], direction = [], product = [];
    private bool[] held = [];

    /// <summary>Takes the system in, edges by their two ends.</summary>
    public void Factor(int tokens, int edges, int[] lowEnds, int[] highEnds, double[] weights, double[] excesses)
    {
        (count, edgeCount, low, high) = (tokens, edges, lowEnds, highEnds);
        Grow();
        weights.AsSpan(0, edgeCount).CopyTo(weight);
        excesses.AsSpan(0, count).CopyTo(excess);
        HoldTokens();
        preconditioner.Factor(count, low.AsSpan(0, edgeCount), high.AsSpan(0, edgeCount), between.AsSpan(0, edgeCount), loose.AsSpan(0, count));
    }

    /// <summary>Solves in place; entries by token.</summary>
    public void Solve(Span<double> x)
    {
        x.CopyTo(right);
        x.Clear();
        for (int j = 0; j < count; j++)
        {
            if (!held[j])
                continue;
            x[j] = right[j] / excess[j];
            right[j] = 0;
        }

        for (int e = 0; e < edgeCount; e++)
        {
            int a = low[e], b = high[e];
            if (held[a] == held[b])
                continue;
            if (held[a])
                right[b] += weight[e] * x[a];
            else
                right[a] += weight[e] * x[b];
        }

        double enough = 0;
        for (int round = 0; round < Rounds; round++)
            enough = Descend(x, enough);
    }

    private double Descend(Span<double> x, double enough)
    {
        Residual(x);
        double size = Precondition();
        if (enough == 0)
            enough = Found * Found * size;
        preconditioned.AsSpan(0, count).CopyTo(direction);
        for (int step = 0; step < MostSteps && size > enough; step++)
        {
            Multiply(direction);
            double curvature = Dot(direction, product), length = size / curvature;
            if (!(curvature > 0) || !double.IsFinite(length))
                break;
            for (int j = 0; j < count; j++)
            {
                x[j] += length * direction[j];
                residual[j] -= length * product[j];
            }

            double before = size;
            size = Precondition();
            double carried = size / before;
            for (int j = 0; j < count; j++)
                direction[j] = preconditioned[j] + (carried * direction[j]);
        }

        return enough;
    }

    /// <summary>Held tokens go to the ground, and with them what joins others to them.</summary>
    private void HoldTokens()
    {
        Array.Clear(product, 0, count);
        for (int e = 0; e < edgeCount; e++)
        {
            product[low[e]] += weight[e];
            product[high[e]] += weight[e];
        }

        for (int j = 0; j < count; j++)
        {
            held[j] = excess[j] > Holds * product[j];
            loose[j] = held[j] ? 1 : excess[j];
        }

        for (int e = 0; e < edgeCount; e++)
        {
            int a = low[e], b = high[e];
            between[e] = held[a] || held[b] ? 0 : weight[e];
            if (held[a] == held[b])
                continue;
            loose[held[a] ? b : a] += weight[e];
        }
    }

    private void Residual(ReadOnlySpan<double> x)
    {
        for (int j = 0; j < count; j++)
            direction[j] = held[j] ? 0 : x[j];
        Multiply(direction);
        for (int j = 0; j < count; j++)
            residual[j] = right[j] - product[j];
    }

    private void Multiply(double[] x)
    {
        for (int j = 0; j < count; j++)
            product[j] = loose[j] * x[j];
        for (int e = 0; e < edgeCount; e++)
        {
            double flow = between[e] * (x[low[e]] - x[high[e]]);
            product[low[e]] += flow;
            product[high[e]] -= flow;
        }
    }

    /// <summary>The residual preconditioned; answers its size.</summary>
    private double Precondition()
    {
        residual.AsSpan(0, count).CopyTo(preconditioned);
        preconditioner.Solve(preconditioned.AsSpan(0, count));
        return Dot(residual, preconditioned);
    }

    private double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int j = 0; j < count; j++)
            sum += a[j] * b[j];
        return sum;
    }

    private void Grow()
    {
        if (weight.Length < edgeCount)
        {
            int size = Math.Max(edgeCount, 2 * weight.Length);
            (weight, between) = (new double[size], new double[size]);
        }

        if (excess.Length >= count)
            return;
        int tokens = Math.Max(count, 2 * excess.Length);
        (excess, loose, right) = (new double[tokens], new double[tokens], new double[tokens]);
        (residual, preconditioned, direction, product) = (new double[tokens], new double[tokens], new double[tokens], new double[tokens]);
        held = new bool[tokens];
    }
}
