using System.Runtime.Intrinsics;
using QTrade.Solver.Arithmetic;

namespace QTrade.Solver;

/// <summary>
/// The same system as <see cref="GroundedLaplacian"/> where nearly all tokens are joined with one another: (Laplacian of weights, plus an excess) x = b with some x held,
/// as rows of a triangle over the others only. Weights and excess are kept apart here too, so nothing cancels.
/// </summary>
internal sealed class DenseLaplacian
{
    private const double LeastPivot = 1e-14;
    private const int Panel = 4;

    private int count;
    private int free;
    private int stride;
    private int[] tokenOf = [];
    private double[] joined = [];
    private double[] rows = [];
    private double[] excess = [];
    private double[] diagonal = [];
    private double[] work = [];
    private double[] fixedTo = [];
    private double[] isFixed = [];

    /// <summary>Takes so many tokens, none joined.</summary>
    public void Begin(int tokens)
    {
        count = tokens;
        if (joined.Length < (long)count * count)
            joined = new double[Math.Max(checked(count * count), 2 * joined.Length)];
        Array.Clear(joined, 0, count * count);
        int most = RoundUp(count) + LaneRows.Width;
        if (tokenOf.Length >= most)
            return;
        most = Math.Max(most, tokenOf.Length * 3 / 2);
        rows = new double[most * most];
        tokenOf = new int[most];
        excess = new double[most];
        diagonal = new double[most];
        work = new double[most];
        fixedTo = new double[most];
        isFixed = new double[most];
    }

    /// <summary>Sets all weights to zero.</summary>
    public void Clear() => Array.Clear(joined, 0, count * count);

    public void AddWeight(int a, int b, double value)
    {
        joined[(a * count) + b] += value;
        joined[(b * count) + a] += value;
    }

    /// <summary>Puts a weight in another's place; false where rounding left less of it than it is.</summary>
    public bool TryChange(int a, int b, double old, double now)
    {
        AddWeight(a, b, now - old);
        return joined[(a * count) + b] >= 0.999 * now;
    }

    /// <summary>Factors the system in which those tokens do not move that are held.</summary>
    public void Factor(ReadOnlySpan<bool> held)
    {
        Gather(held);
        int k = 0;
        for (; k + Panel <= free; k += Panel)
        {
            for (int p = k; p < k + Panel; p++)
                Eliminate(p, k + Panel);
            int i = k + Panel;
            for (; Vector512.IsHardwareAccelerated && i + Panel <= free; i += Panel)
                TakePanelIntoFour(k, i);
            for (; i < free; i++)
                TakePanelInto(k, i);
        }

        for (; k < free; k++)
            Eliminate(k, free);
    }

    /// <summary>Takes the rows from k on into the four from i on, each row to the bits of <see cref="TakePanelInto"/>.</summary>
    private void TakePanelIntoFour(int k, int i)
    {
        Span<double> factors = stackalloc double[Panel * Panel];
        for (int p = 0; p < Panel; p++)
            (Vector256.LoadUnsafe(ref rows[((k + p) * stride) + i]) / Vector256.Create(diagonal[k + p])).CopyTo(factors[(p * Panel)..]);
        int from = i & -LaneRows.Width;
        LaneRows.AddFourToFour(rows.AsSpan((i * stride) + from), rows.AsSpan((k * stride) + from), stride, stride - from, factors);
    }

    private void TakePanelInto(int k, int i)
    {
        int from = i & -LaneRows.Width;
        LaneRows.AddFour(
            rows.AsSpan((i * stride) + from, stride - from),
            rows.AsSpan((k * stride) + from, (stride * Panel) - from),
            stride,
            rows[(k * stride) + i] / diagonal[k],
            rows[((k + 1) * stride) + i] / diagonal[k + 1],
            rows[((k + 2) * stride) + i] / diagonal[k + 2],
            rows[((k + 3) * stride) + i] / diagonal[k + 3]);
    }

    /// <summary>Solves in place; entries by token. Held entries say where those tokens are held.</summary>
    public void Solve(ReadOnlySpan<bool> held, Span<double> x)
    {
        bool moves = false;
        for (int j = 0; j < count; j++)
        {
            fixedTo[j] = held[j] ? x[j] : 0;
            moves |= fixedTo[j] != 0;
        }

        for (int i = 0; i < free; i++)
            work[i] = x[tokenOf[i]] + (moves ? LaneRows.Dot(joined.AsSpan(tokenOf[i] * count, count), fixedTo.AsSpan(0, count)) : 0);

        for (int k = 0; k < free; k++)
            LaneRows.AddScaled(work.AsSpan(k + 1, free - k - 1), rows.AsSpan((k * stride) + k + 1, free - k - 1), work[k] / diagonal[k]);
        for (int k = free - 1; k >= 0; k--)
            work[k] = (work[k] + LaneRows.Dot(rows.AsSpan((k * stride) + k + 1, free - k - 1), work.AsSpan(k + 1, free - k - 1))) / diagonal[k];
        for (int i = 0; i < free; i++)
            x[tokenOf[i]] = work[i];
    }

    /// <summary>sum over the tokens joined with token j of w (x_j - x_other).</summary>
    public double Outflow(int j, ReadOnlySpan<double> x)
    {
        ReadOnlySpan<double> row = joined.AsSpan(j * count, count);
        return (x[j] == 0 ? 0 : LaneRows.Sum(row) * x[j]) - LaneRows.Dot(row, x);
    }

    private void Gather(ReadOnlySpan<bool> held)
    {
        free = 0;
        for (int j = 0; j < count; j++)
        {
            isFixed[j] = held[j] ? 1 : 0;
            if (!held[j])
                tokenOf[free++] = j;
        }

        stride = RoundUp(free);
        for (int i = 0; i < free; i++)
        {
            Span<double> row = rows.AsSpan(i * stride, stride);
            ReadOnlySpan<double> from = joined.AsSpan(tokenOf[i] * count, count);
            row[..(i + 1)].Clear();
            row[free..].Clear();
            for (int k = i + 1; k < free; k++)
                row[k] = from[tokenOf[k]];
            excess[i] = LaneRows.Dot(from, isFixed.AsSpan(0, count));
        }
    }

    /// <summary>Takes row k into the excesses and into the rows before <paramref name="end"/>.</summary>
    private void Eliminate(int k, int end)
    {
        Span<double> row = rows.AsSpan((k * stride) + k + 1, free - k - 1);
        double sum = LaneRows.Sum(row);
        double d = excess[k] + sum;
        if (!(d > LeastPivot * sum))
            d = sum > 0 ? LeastPivot * sum : 1;
        diagonal[k] = d;
        LaneRows.AddScaled(excess.AsSpan(k + 1, free - k - 1), row, excess[k] / d);
        for (int i = k + 1; i < end; i++)
            LaneRows.AddScaled(rows.AsSpan((i * stride) + i + 1, free - i - 1), row[(i - k)..], row[i - k - 1] / d);
    }

    private static int RoundUp(int size) => (size + LaneRows.Width - 1) & -LaneRows.Width;
}
