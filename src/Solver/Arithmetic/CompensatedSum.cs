using System.Runtime.CompilerServices;

namespace QTrade.Solver.Arithmetic;

/// <summary>
/// A sum in twice the precision of its terms (Ogita, Rump, Oishi, "Accurate sum and dot product", 2005, algorithm Sum2): what an addition leaves out is kept beside the sum.
/// </summary>
internal struct CompensatedSum
{
    private double high;
    private double low;

    public CompensatedSum(DoubleDouble value) => (high, low) = (value.Hi, value.Lo);

    /// <summary>The sum, to the last digits of a double.</summary>
    public readonly double Nearest => high + low;

    /// <summary>The sum with the digits that a double has no room for.</summary>
    public readonly DoubleDouble Exact => DoubleDouble.Sum(high, low);

    public void Add(double x)
    {
        double sum = high + x;
        low += LeftOut(high, x, sum);
        high = sum;
    }

    /// <summary>What the addition a + b leaves out of <paramref name="sum"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double LeftOut(double a, double b, double sum)
    {
        double part = sum - a;
        return (a - (sum - part)) + (b - part);
    }
}
