namespace QTrade.Solver.Arithmetic;

/// <summary>Compensated sums, one per index.</summary>
internal sealed class CompensatedSums
{
    private CompensatedSum[] sums = [];

    /// <summary>The sum of an index, to the last digits of a double.</summary>
    public double this[int i] => sums[i].Nearest;

    /// <summary>Makes room for so many sums; their values are whatever they were.</summary>
    public void Grow(int count)
    {
        if (sums.Length < count)
            sums = new CompensatedSum[Math.Max(count, 2 * sums.Length)];
    }

    /// <summary>Begins the sums below <paramref name="count"/> at the given values.</summary>
    public void Begin(ReadOnlySpan<double> values, int count)
    {
        for (int i = 0; i < count; i++)
            sums[i] = new(values[i]);
    }

    /// <summary>Begins the sums below <paramref name="count"/> at 0.</summary>
    public void Begin(int count) => Array.Clear(sums, 0, count);

    public void Add(int i, double x) => sums[i].Add(x);

    /// <summary>The sum with the digits that a double has no room for.</summary>
    public DoubleDouble Exact(int i) => sums[i].Exact;
}
