using System.Runtime.CompilerServices;

namespace QTrade.Solver.Arithmetic;

/// <summary>
/// Sums in twice the precision of their terms (Ogita, Rump, Oishi, "Accurate sum and dot product", 2005, algorithm Sum2), one per index: what an addition leaves out is kept
/// beside the sum.
/// </summary>
internal sealed class CompensatedSums
{
    private Sum[] sums = [];

    private struct Sum
    {
        public double High;
        public double Low;
    }

    /// <summary>The sum of an index, to the last digits of a double.</summary>
    public double this[int i] => sums[i].High + sums[i].Low;

    /// <summary>Makes room for so many sums; their values are whatever they were.</summary>
    public void Grow(int count)
    {
        if (sums.Length < count)
            sums = new Sum[Math.Max(count, 2 * sums.Length)];
    }

    /// <summary>Begins the sums below <paramref name="count"/> at the given values.</summary>
    public void Begin(ReadOnlySpan<double> values, int count)
    {
        for (int i = 0; i < count; i++)
            sums[i] = new() { High = values[i] };
    }

    /// <summary>Begins the sums below <paramref name="count"/> at 0.</summary>
    public void Begin(int count) => Array.Clear(sums, 0, count);

    /// <summary>Sets the sum of an index.</summary>
    public void Set(int i, DoubleDouble value) => sums[i] = new() { High = value.Hi, Low = value.Lo };

    public void Add(int i, double x)
    {
        ref Sum at = ref sums[i];
        double sum = at.High + x;
        at.Low += LeftOut(at.High, x, sum);
        at.High = sum;
    }

    /// <summary>What the addition a + b leaves out of <paramref name="sum"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double LeftOut(double a, double b, double sum)
    {
        double part = sum - a;
        return (a - (sum - part)) + (b - part);
    }

    /// <summary>The sum with the digits that a double has no room for.</summary>
    public DoubleDouble Exact(int i) => DoubleDouble.Sum(sums[i].High, sums[i].Low);
}
