using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace QTrade.Solver.Arithmetic;

/// <summary>
/// <see cref="Elementary"/> on four numbers at once: the same operations in the same order on every lane, so a lane has the bits that the scalar function gives for
/// it, on every machine. Only for arguments in the stated ranges; a caller takes the scalar function for others.
/// </summary>
internal static class Lanes
{
    /// <summary>Largest |x| that <see cref="ExpM1"/> takes.</summary>
    public const double MostExponent = 30;

    /// <summary>The |x| from which on <see cref="Exp"/> does not take x.</summary>
    public const double MostPower = 700;

    /// <summary>Bounds of the x that <see cref="Log"/> takes.</summary>
    public const double LeastLogarithm = 1e-300, MostLogarithm = 1e300;

    /// <summary>Largest x that <see cref="Log1P"/> takes.</summary>
    public const double MostIncrement = 1e15;

    private const int Width = 4;
    private const double LogOf2Hi = 0.6931471805599453;
    private const double LogOf2Lo = 2.3190468138462996e-17;
    private const double InverseLogOf2 = 1.4426950408889634;
    private const double SqrtOf2 = 1.4142135623730951;

    /// <summary>Added to a whole number below 2^51 in absolute value it puts that number, plus 2^51, into the mantissa.</summary>
    private const double Shift = 6755399441055744;

    /// <summary>e^x for |x| less than <see cref="MostPower"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Exp(Vector256<double> x)
    {
        Vector256<double> k = Vector256.Round(x * Vector256.Create(InverseLogOf2));
        Vector256<double> m = ReducedExpM1(x, k, out Vector256<double> tail);
        return (Vector256<double>.One + (m + (tail + (tail * m)))) * PowerOf2(k);
    }

    /// <summary>e^x - 1 for |x| at most <see cref="MostExponent"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> ExpM1(Vector256<double> x)
    {
        Vector256<double> k = Vector256.Round(x * Vector256.Create(InverseLogOf2));
        Vector256<double> m = ReducedExpM1(x, k, out Vector256<double> tail);
        m += tail + (tail * m);

        // Where k is 0 this leaves m as it is, as the scalar function does.
        Vector256<double> scale = PowerOf2(k);
        return Vector256.FusedMultiplyAdd(scale, m, scale - Vector256<double>.One);
    }

    /// <summary>expm1(x - k log 2), and the part of the reduced argument that rounding left out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> ReducedExpM1(Vector256<double> x, Vector256<double> k, out Vector256<double> tail)
    {
        Vector256<double> high = Vector256.FusedMultiplyAdd(-k, Vector256.Create(LogOf2Hi), x);
        Vector256<double> low = k * Vector256.Create(LogOf2Lo);
        Vector256<double> r = high - low;
        tail = (high - r) - low;
        Vector256<double> square = r * r, fourth = square * square;
        Vector256<double> a = Line(1.0 / 6.0, r, 0.5), b = Line(1.0 / 120.0, r, 1.0 / 24.0);
        Vector256<double> c = Line(1.0 / 5040.0, r, 1.0 / 720.0), d = Line(1.0 / 362880.0, r, 1.0 / 40320.0);
        Vector256<double> e = Line(1.0 / 39916800.0, r, 1.0 / 3628800.0), f = Line(1.0 / 6227020800.0, r, 1.0 / 479001600.0);
        a = Vector256.FusedMultiplyAdd(b, square, a);
        c = Vector256.FusedMultiplyAdd(d, square, c);
        e = Vector256.FusedMultiplyAdd(f, square, e);
        Vector256<double> p = Vector256.FusedMultiplyAdd(Vector256.FusedMultiplyAdd(e, fourth, c), fourth, a);
        return Vector256.FusedMultiplyAdd(square, p, r);
    }

    /// <summary>2^k for whole k of normal powers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> PowerOf2(Vector256<double> k)
    {
        Vector256<long> exponent = (k + Vector256.Create(Shift)).AsInt64() - Vector256.Create(Shift).AsInt64();
        return ((exponent + Vector256.Create(1023L)) << 52).AsDouble();
    }

    /// <summary>Natural logarithm for x between <see cref="LeastLogarithm"/> and <see cref="MostLogarithm"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Log(Vector256<double> x)
    {
        Vector256<double> k = SplitAroundOne(ref x);
        return LogNearOne(x - Vector256<double>.One, Vector256<double>.Zero, k);
    }

    /// <summary>log(1 + x) for x from 0 to <see cref="MostIncrement"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Log1P(Vector256<double> x)
    {
        Vector256<double> isSmall = Vector256.LessThan(x, Vector256.Create(Elementary.SmallIncrement));
        Vector256<double> sum = Vector256<double>.One + x, scaled = sum;
        Vector256<double> correction = Vector256.AndNot((x - (sum - Vector256<double>.One)) / sum, isSmall);
        Vector256<double> k = Vector256.AndNot(SplitAroundOne(ref scaled), isSmall);
        return LogNearOne(Vector256.ConditionalSelect(isSmall, x, scaled - Vector256<double>.One), correction, k);
    }

    /// <summary>Divides normal numbers by 2^k so that they lie between sqrt(1/2) and sqrt 2; answers k.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> SplitAroundOne(ref Vector256<double> x)
    {
        Vector256<long> bits = x.AsInt64();
        Vector256<long> exponent = (bits >>> 52) - Vector256.Create(1023L);
        Vector256<double> part = ((bits & Vector256.Create(0x000F_FFFF_FFFF_FFFF)) | Vector256.Create(0x3FF0_0000_0000_0000)).AsDouble();
        Vector256<double> large = Vector256.GreaterThan(part, Vector256.Create(SqrtOf2));
        x = Vector256.ConditionalSelect(large, part * Vector256.Create(0.5), part);
        exponent -= large.AsInt64();
        return (exponent + Vector256.Create(Shift).AsInt64()).AsDouble() - Vector256.Create(Shift);
    }

    /// <summary>k log 2 + log(1 + f) + correction, as <see cref="Elementary"/> has it; where k is 0 what it brings changes nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> LogNearOne(Vector256<double> f, Vector256<double> correction, Vector256<double> k)
    {
        Vector256<double> s = f / (Vector256.Create(2.0) + f);
        Vector256<double> z = s * s;
        Vector256<double> square = z * z, fourth = square * square;
        Vector256<double> a = Line(2.0 / 5, z, 2.0 / 3), b = Line(2.0 / 9, z, 2.0 / 7);
        Vector256<double> c = Line(2.0 / 13, z, 2.0 / 11), d = Line(2.0 / 17, z, 2.0 / 15);
        Vector256<double> e = Line(2.0 / 21, z, 2.0 / 19);
        a = Vector256.FusedMultiplyAdd(b, square, a);
        c = Vector256.FusedMultiplyAdd(d, square, c);
        e = Vector256.FusedMultiplyAdd(Vector256.Create(2.0 / 23), square, e);
        Vector256<double> r = z * Vector256.FusedMultiplyAdd(Vector256.FusedMultiplyAdd(e, fourth, c), fourth, a);
        Vector256<double> half = Vector256.Create(0.5) * f * f;
        Vector256<double> small = Vector256.FusedMultiplyAdd(s, half + r, correction);
        return Vector256.FusedMultiplyAdd(
            k, Vector256.Create(LogOf2Hi), f - (half - Vector256.FusedMultiplyAdd(k, Vector256.Create(LogOf2Lo), small)));
    }

    /// <summary>Natural logarithms in place, of any numbers.</summary>
    public static void LogAll(Span<double> numbers)
    {
        int i = 0;
        for (; i <= numbers.Length - Width; i += Width)
        {
            Vector256<double> x = Vector256.LoadUnsafe(ref numbers[i]);
            if (Vector256.LessThanAny(x, Vector256.Create(LeastLogarithm)) || !Vector256.LessThanAll(x, Vector256.Create(MostLogarithm)))
            {
                for (int lane = i; lane < i + Width; lane++)
                    numbers[lane] = Elementary.Log(numbers[lane]);
            }
            else
            {
                Log(x).StoreUnsafe(ref numbers[i]);
            }
        }

        for (; i < numbers.Length; i++)
            numbers[i] = Elementary.Log(numbers[i]);
    }

    /// <summary>e^x for all numbers.</summary>
    public static void ExpAll(ReadOnlySpan<double> numbers, Span<double> powers)
    {
        int i = 0;
        for (; i <= numbers.Length - Width; i += Width)
        {
            Vector256<double> x = Vector256.LoadUnsafe(in numbers[i]);
            if (Vector256.LessThanAll(Vector256.Abs(x), Vector256.Create(MostPower)))
            {
                Exp(x).StoreUnsafe(ref powers[i]);
            }
            else
            {
                for (int lane = i; lane < i + Width; lane++)
                    powers[lane] = Elementary.Exp(numbers[lane]);
            }
        }

        for (; i < numbers.Length; i++)
            powers[i] = Elementary.Exp(numbers[i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Line(double slope, Vector256<double> x, double at0) => Vector256.FusedMultiplyAdd(Vector256.Create(slope), x, Vector256.Create(at0));
}
