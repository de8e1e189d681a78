namespace QTrade.Solver.Arithmetic;

/// <summary>
/// Sums in twice the precision of their terms (Ogita, Rump, Oishi, "Accurate sum and dot product", 2005, algorithm Sum2), one per index: what an addition leaves out is kept
/// beside the sum.
/// </summary>
internal sealed class CompensatedSums
{
    private double[] high = [];
    private double[] low = [];

    /// <summary>The sum of an index, to the last digits of a double.</summary>
    public double this[int i] => high[i] + low[i];

    /// <summary>Makes room for so many sums; their values are whatever they were.</summary>
    public void Grow(int count)
    {
        if (high.Length >= count)
            return;
        high = new double[Math.Max(count, 2 * high.Length)];
        low = new double[high.Length];
    }

    /// <summary>Begins the sums below <paramref name="count"/> at the given values.</summary>
    public void Begin(ReadOnlySpan<double> values, int count)
    {
        values[..count].CopyTo(high);
        Array.Clear(low, 0, count);
    }

    /// <summary>Begins the sums below <paramref name="count"/> at 0.</summary>
    public void Begin(int count)
    {
        Array.Clear(high, 0, count);
        Array.Clear(low, 0, count);
    }

    public void Add(int i, double x)
    {
        double before = high[i], sum = before + x, part = sum - before;
        low[i] += (before - (sum - part)) + (x - part);
        high[i] = sum;
    }

    /// <summary>The sum with the digits that a double has no room for.</summary>
    public DoubleDouble Exact(int i) => DoubleDouble.Sum(high[i], low[i]);
}
