using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace QTrade.Solver.Arithmetic;

/// <summary>
/// Rows of numbers, eight lanes wide whatever the machine has: element by element with fused multiply-adds, sums by lane and then over the lanes in one order.
/// </summary>
internal static class LaneRows
{
    /// <summary>Lanes of a sum.</summary>
    public const int Width = 8;

    /// <summary>The first place from <paramref name="from"/> on where a number is greater; their count where none is.</summary>
    public static int NextAbove(ReadOnlySpan<double> numbers, int from, double least)
    {
        ref double first = ref MemoryMarshal.GetReference(numbers);
        Vector512<double> bound = Vector512.Create(least);
        int i = from;
        while (i <= numbers.Length - Width && !Vector512.GreaterThanAny(At(ref first, i), bound))
            i += Width;
        while (i < numbers.Length && !(numbers[i] > least))
            i++;
        return i;
    }

    /// <summary>The greatest of numbers that are not negative: 0 where there is none, NaN where one is NaN.</summary>
    public static double Greatest(ReadOnlySpan<double> numbers)
    {
        ref double first = ref MemoryMarshal.GetReference(numbers);
        Vector512<double> greatest = Vector512<double>.Zero;
        int i = 0;
        for (; i <= numbers.Length - Width; i += Width)
            greatest = Vector512.Max(greatest, At(ref first, i));
        double most = 0;
        for (int lane = 0; lane < Width; lane++)
            most = Math.Max(most, greatest[lane]);
        for (; i < numbers.Length; i++)
            most = Math.Max(most, numbers[i]);
        return most;
    }

    /// <summary>y += a x.</summary>
    public static void AddScaled(Span<double> y, ReadOnlySpan<double> x, double a)
    {
        ref double into = ref MemoryMarshal.GetReference(y);
        ref double from = ref MemoryMarshal.GetReference(x);
        Vector512<double> factor = Vector512.Create(a);
        int i = 0;
        for (; i <= x.Length - Width; i += Width)
            Vector512.FusedMultiplyAdd(factor, At(ref from, i), At(ref into, i)).StoreUnsafe(ref into, (nuint)i);
        for (; i < x.Length; i++)
            y[i] = Math.FusedMultiplyAdd(a, x[i], y[i]);
    }

    /// <summary>y += a_0 x_0 + a_1 x_1 + a_2 x_2 + a_3 x_3, added one after the other; the rows lie at multiples of <paramref name="stride"/>.</summary>
    public static void AddFour(Span<double> y, ReadOnlySpan<double> x, int stride, double a0, double a1, double a2, double a3)
    {
        ref double into = ref MemoryMarshal.GetReference(y);
        ref double x0 = ref MemoryMarshal.GetReference(x);
        ref double x1 = ref Unsafe.Add(ref x0, stride);
        ref double x2 = ref Unsafe.Add(ref x1, stride);
        ref double x3 = ref Unsafe.Add(ref x2, stride);
        Vector512<double> f0 = Vector512.Create(a0), f1 = Vector512.Create(a1), f2 = Vector512.Create(a2), f3 = Vector512.Create(a3);
        for (int i = 0; i < y.Length; i += Width)
        {
            Vector512<double> sum = Vector512.FusedMultiplyAdd(f0, At(ref x0, i), At(ref into, i));
            sum = Vector512.FusedMultiplyAdd(f1, At(ref x1, i), sum);
            sum = Vector512.FusedMultiplyAdd(f2, At(ref x2, i), sum);
            Vector512.FusedMultiplyAdd(f3, At(ref x3, i), sum).StoreUnsafe(ref into, (nuint)i);
        }
    }

    /// <summary>
    /// The same for four rows y that lie a stride behind one another, every row to the same bits: less is loaded for every multiplication, where there are registers for all factors.
    /// </summary>
    /// <param name="y">The first row, the others behind it.</param>
    /// <param name="x">The first of four rows that are added, the others behind it.</param>
    /// <param name="stride">From row to row.</param>
    /// <param name="length">Of the rows, a multiple of <see cref="Width"/>.</param>
    /// <param name="factors">Four times four: those of the first row x for every y, then those of the second.</param>
    public static void AddFourToFour(Span<double> y, ReadOnlySpan<double> x, int stride, int length, ReadOnlySpan<double> factors)
    {
        ref double y0 = ref MemoryMarshal.GetReference(y);
        ref double y1 = ref Unsafe.Add(ref y0, stride);
        ref double y2 = ref Unsafe.Add(ref y1, stride);
        ref double y3 = ref Unsafe.Add(ref y2, stride);
        Vector512<double> a0 = Vector512.Create(factors[0]), a1 = Vector512.Create(factors[4]), a2 = Vector512.Create(factors[8]), a3 = Vector512.Create(factors[12]);
        Vector512<double> b0 = Vector512.Create(factors[1]), b1 = Vector512.Create(factors[5]), b2 = Vector512.Create(factors[9]), b3 = Vector512.Create(factors[13]);
        Vector512<double> c0 = Vector512.Create(factors[2]), c1 = Vector512.Create(factors[6]), c2 = Vector512.Create(factors[10]), c3 = Vector512.Create(factors[14]);
        Vector512<double> d0 = Vector512.Create(factors[3]), d1 = Vector512.Create(factors[7]), d2 = Vector512.Create(factors[11]), d3 = Vector512.Create(factors[15]);
        ref double x0 = ref MemoryMarshal.GetReference(x);
        ref double x1 = ref Unsafe.Add(ref x0, stride);
        ref double x2 = ref Unsafe.Add(ref x1, stride);
        ref double x3 = ref Unsafe.Add(ref x2, stride);
        for (int i = 0; i < length; i += Width)
        {
            Vector512<double> from = At(ref x0, i);
            Vector512<double> a = Vector512.FusedMultiplyAdd(a0, from, At(ref y0, i)), b = Vector512.FusedMultiplyAdd(b0, from, At(ref y1, i));
            Vector512<double> c = Vector512.FusedMultiplyAdd(c0, from, At(ref y2, i)), d = Vector512.FusedMultiplyAdd(d0, from, At(ref y3, i));
            from = At(ref x1, i);
            (a, b, c, d) = (Vector512.FusedMultiplyAdd(a1, from, a), Vector512.FusedMultiplyAdd(b1, from, b), Vector512.FusedMultiplyAdd(c1, from, c), Vector512.FusedMultiplyAdd(d1, from, d));
            from = At(ref x2, i);
            (a, b, c, d) = (Vector512.FusedMultiplyAdd(a2, from, a), Vector512.FusedMultiplyAdd(b2, from, b), Vector512.FusedMultiplyAdd(c2, from, c), Vector512.FusedMultiplyAdd(d2, from, d));
            from = At(ref x3, i);
            Vector512.FusedMultiplyAdd(a3, from, a).StoreUnsafe(ref y0, (nuint)i);
            Vector512.FusedMultiplyAdd(b3, from, b).StoreUnsafe(ref y1, (nuint)i);
            Vector512.FusedMultiplyAdd(c3, from, c).StoreUnsafe(ref y2, (nuint)i);
            Vector512.FusedMultiplyAdd(d3, from, d).StoreUnsafe(ref y3, (nuint)i);
        }
    }

    /// <summary>sum x, in eight partial sums.</summary>
    public static double Sum(ReadOnlySpan<double> x)
    {
        ref double from = ref MemoryMarshal.GetReference(x);
        Vector512<double> sum = Vector512<double>.Zero;
        int i = 0;
        for (; i <= x.Length - Width; i += Width)
            sum += At(ref from, i);
        double rest = 0;
        for (; i < x.Length; i++)
            rest += x[i];
        return Total(sum) + rest;
    }

    /// <summary>sum x y, in eight partial sums.</summary>
    public static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        ref double left = ref MemoryMarshal.GetReference(x);
        ref double right = ref MemoryMarshal.GetReference(y);
        Vector512<double> sum = Vector512<double>.Zero;
        int i = 0;
        for (; i <= x.Length - Width; i += Width)
            sum = Vector512.FusedMultiplyAdd(At(ref left, i), At(ref right, i), sum);
        double rest = 0;
        for (; i < x.Length; i++)
            rest = Math.FusedMultiplyAdd(x[i], y[i], rest);
        return Total(sum) + rest;
    }

    /// <summary>The lanes of a sum, added in halves.</summary>
    private static double Total(Vector512<double> sum)
    {
        Vector256<double> four = sum.GetLower() + sum.GetUpper();
        Vector128<double> two = four.GetLower() + four.GetUpper();
        return two[0] + two[1];
    }

    private static Vector512<double> At(ref double first, int i) => Vector512.LoadUnsafe(ref first, (nuint)i);
}
