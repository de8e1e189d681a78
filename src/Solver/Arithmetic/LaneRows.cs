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
