namespace QTrade.Solver.Arithmetic;

/// <summary>
/// exp, expm1, log, log1p and sqrt(1 + x) - 1 from additions, multiplications, fused multiply-adds and what rounds correctly everywhere only, so that every machine gets the same bits.
/// Errors stay below 2 units in the last place. Arguments out of range give 0 or infinity as the functions' limits do; NaN stays NaN.
/// </summary>
public static class Elementary
{
    private const double LogOf2Hi = 0.6931471805599453;
    private const double LogOf2Lo = 2.3190468138462996e-17;
    private const double InverseLogOf2 = 1.4426950408889634;
    private const double Overflow = 709.782712893384;
    private const double Underflow = -745.1332191019412;
    private const double SqrtOf2 = 1.4142135623730951;

    /// <summary>The x from which on <see cref="Log1P"/> takes the logarithm of a sum.</summary>
    internal const double SmallIncrement = 0.41;

    private const double SmallestNormal = 2.2250738585072014e-308;
    private const double TwoTo54 = 18014398509481984;

    /// <summary>e^x.</summary>
    public static double Exp(double x)
    {
        if (!(x <= Overflow))
            return double.IsNaN(x) ? x : double.PositiveInfinity;
        if (x < Underflow)
            return 0;
        double k = Math.Round(x * InverseLogOf2);
        double m = ReducedExpM1(x, k, out double tail);
        return TimesPowerOf2(1 + (m + (tail + tail * m)), (int)k);
    }

    /// <summary>e^x - 1, accurate where x is small.</summary>
    public static double ExpM1(double x)
    {
        if (!(x <= Overflow))
            return double.IsNaN(x) ? x : double.PositiveInfinity;
        if (x < -38)
            return -1;
        double k = Math.Round(x * InverseLogOf2);
        double m = ReducedExpM1(x, k, out double tail);
        m += tail + tail * m;
        if (k == 0)
            return m;
        if (k > 1000)
            return TimesPowerOf2(1 + m, (int)k);
        double scale = TimesPowerOf2(1, (int)k);
        return Math.FusedMultiplyAdd(scale, m, scale - 1);
    }

    /// <summary>Natural logarithm.</summary>
    public static double Log(double x)
    {
        if (!(x > 0))
            return x == 0 ? double.NegativeInfinity : double.NaN;
        if (double.IsPositiveInfinity(x))
            return x;
        int k = 0;
        if (x < SmallestNormal)
        {
            x *= TwoTo54;
            k = -54;
        }

        k += SplitAroundOne(ref x);
        return LogNearOne(x - 1, 0, k);
    }

    /// <summary>log(1 + x), accurate where x is small.</summary>
    public static double Log1P(double x)
    {
        if (!(x > -1))
            return x == -1 ? double.NegativeInfinity : double.NaN;
        if (x > -0.29 && x < SmallIncrement)
            return Math.Abs(x) < 1e-16 ? x : LogNearOne(x, 0, 0);
        if (x > TwoTo54)
            return Log(x);
        double u = 1 + x;
        double lost = u > x ? (u - 1 <= x ? x - (u - 1) : -((u - 1) - x)) : 0;
        double scaled = u;
        int k = SplitAroundOne(ref scaled);
        return LogNearOne(scaled - 1, lost / u, k);
    }

    /// <summary>sqrt(1 + x) - 1, accurate where x is small.</summary>
    public static double RootM1(double x) => x < double.PositiveInfinity ? x / (Math.Sqrt(1 + x) + 1) : x;

    /// <summary>expm1(x - k log 2) for the nearest k; the part of the reduced argument that rounding left out goes to <paramref name="tail"/>.</summary>
    private static double ReducedExpM1(double x, double k, out double tail)
    {
        double high = Math.FusedMultiplyAdd(-k, LogOf2Hi, x);
        double low = k * LogOf2Lo;
        double r = high - low;
        tail = (high - r) - low;

        // r + r^2/2 + r^3/6 + ... with |r| <= 0.3466, terms in pairs, and pairs of these, so that few wait for one another.
        double square = r * r, fourth = square * square;
        double a = Math.FusedMultiplyAdd(1.0 / 6.0, r, 0.5), b = Math.FusedMultiplyAdd(1.0 / 120.0, r, 1.0 / 24.0);
        double c = Math.FusedMultiplyAdd(1.0 / 5040.0, r, 1.0 / 720.0), d = Math.FusedMultiplyAdd(1.0 / 362880.0, r, 1.0 / 40320.0);
        double e = Math.FusedMultiplyAdd(1.0 / 39916800.0, r, 1.0 / 3628800.0), f = Math.FusedMultiplyAdd(1.0 / 6227020800.0, r, 1.0 / 479001600.0);
        a = Math.FusedMultiplyAdd(b, square, a);
        c = Math.FusedMultiplyAdd(d, square, c);
        e = Math.FusedMultiplyAdd(f, square, e);
        double p = Math.FusedMultiplyAdd(Math.FusedMultiplyAdd(e, fourth, c), fourth, a);
        return Math.FusedMultiplyAdd(square, p, r);
    }

    /// <summary>k log 2 + log(1 + f) + correction, for 1 + f between sqrt(1/2) and sqrt 2: log(1 + f) = f - f^2/2 + s (f^2/2 + R(s^2)), s = f/(2 + f).</summary>
    private static double LogNearOne(double f, double correction, int k)
    {
        double s = f / (2 + f);
        double z = s * s;
        double square = z * z, fourth = square * square;
        double a = Math.FusedMultiplyAdd(2.0 / 5, z, 2.0 / 3), b = Math.FusedMultiplyAdd(2.0 / 9, z, 2.0 / 7);
        double c = Math.FusedMultiplyAdd(2.0 / 13, z, 2.0 / 11), d = Math.FusedMultiplyAdd(2.0 / 17, z, 2.0 / 15);
        double e = Math.FusedMultiplyAdd(2.0 / 21, z, 2.0 / 19);
        a = Math.FusedMultiplyAdd(b, square, a);
        c = Math.FusedMultiplyAdd(d, square, c);
        e = Math.FusedMultiplyAdd(2.0 / 23, square, e);
        double r = z * Math.FusedMultiplyAdd(Math.FusedMultiplyAdd(e, fourth, c), fourth, a);
        double half = 0.5 * f * f;
        double small = Math.FusedMultiplyAdd(s, half + r, correction);
        if (k == 0)
            return f - (half - small);
        return Math.FusedMultiplyAdd(k, LogOf2Hi, f - (half - Math.FusedMultiplyAdd(k, LogOf2Lo, small)));
    }

    /// <summary>Divides a normal x by 2^k so that it lies between sqrt(1/2) and sqrt 2; answers k.</summary>
    private static int SplitAroundOne(ref double x)
    {
        long bits = BitConverter.DoubleToInt64Bits(x);
        int k = (int)(bits >> 52) - 1023;
        x = BitConverter.Int64BitsToDouble((bits & 0x000F_FFFF_FFFF_FFFF) | 0x3FF0_0000_0000_0000);
        if (x > SqrtOf2)
        {
            x *= 0.5;
            k++;
        }

        return k;
    }

    private static double TimesPowerOf2(double x, int k)
    {
        if (k > 1023)
            return x * 2 * PowerOf2(k - 1);
        return k >= -1022 ? x * PowerOf2(k) : x * PowerOf2(k + 200) * PowerOf2(-200);
    }

    private static double PowerOf2(int k) => BitConverter.Int64BitsToDouble((long)(k + 1023) << 52);
}
