using System.Runtime.CompilerServices;

namespace QTrade.Solver.Arithmetic;

/// <summary>
/// An unevaluated sum of two doubles, about 32 digits (Dekker 1971; Joldes, Muller, Popescu, "Tight and rigorous error bounds for basic
/// building blocks of double-word arithmetic", 2017). Used where a certificate or a printed trade must not lose digits to
/// cancellation: relative errors stay below 1e-30 per operation, below 1e-28 for the elementary functions.
/// </summary>
public readonly struct DoubleDouble
{
    /// <summary>The value nearest to <paramref name="hi"/> + <paramref name="lo"/>; the parts must not overlap.</summary>
    private DoubleDouble(double hi, double lo)
    {
        Hi = hi;
        Lo = lo;
    }

    /// <summary>The leading double.</summary>
    public double Hi { get; }

    /// <summary>What the leading double leaves out.</summary>
    public double Lo { get; }

    /// <summary>0.</summary>
    public static DoubleDouble Zero => default;

    /// <summary>1.</summary>
    public static DoubleDouble One => new(1, 0);

    private static DoubleDouble LogOf2 => new(0.6931471805599453, 2.3190468138462996e-17);

    public static implicit operator DoubleDouble(double x) => new(x, 0);

    /// <summary>a + b, exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleDouble Sum(double a, double b)
    {
        double s = a + b;
        double t = s - a;
        double e = (a - (s - t)) + (b - t);
        return double.IsFinite(s) ? new(s, e) : new(s, 0);
    }

    /// <summary>a b, exact unless it underflows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleDouble Product(double a, double b)
    {
        double p = a * b;
        return double.IsFinite(p) ? new(p, Math.FusedMultiplyAdd(a, b, -p)) : new(p, 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleDouble operator +(DoubleDouble a, DoubleDouble b)
    {
        DoubleDouble s = Sum(a.Hi, b.Hi);
        DoubleDouble t = Sum(a.Lo, b.Lo);
        DoubleDouble v = Normalized(s.Hi, s.Lo + t.Hi);
        return Normalized(v.Hi, t.Lo + v.Lo);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleDouble operator +(DoubleDouble a, double b)
    {
        DoubleDouble s = Sum(a.Hi, b);
        return Normalized(s.Hi, a.Lo + s.Lo);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleDouble operator -(DoubleDouble a) => new(-a.Hi, -a.Lo);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleDouble operator -(DoubleDouble a, DoubleDouble b) => a + -b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleDouble operator *(DoubleDouble a, DoubleDouble b)
    {
        DoubleDouble p = Product(a.Hi, b.Hi);
        if (!double.IsFinite(p.Hi))
            return p;
        double cross = Math.FusedMultiplyAdd(a.Lo, b.Hi, Math.FusedMultiplyAdd(a.Hi, b.Lo, a.Lo * b.Lo));
        return Normalized(p.Hi, p.Lo + cross);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleDouble operator *(DoubleDouble a, double b)
    {
        DoubleDouble p = Product(a.Hi, b);
        if (!double.IsFinite(p.Hi))
            return p;
        return Normalized(p.Hi, Math.FusedMultiplyAdd(a.Lo, b, p.Lo));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleDouble operator /(DoubleDouble a, DoubleDouble b)
    {
        double q = a.Hi / b.Hi;
        if (!double.IsFinite(q) || q == 0)
            return q;
        DoubleDouble r = a - b * q;
        double q2 = r.Hi / b.Hi;
        r -= b * q2;
        double q3 = r.Hi / b.Hi;
        return Normalized(q, q2) + q3;
    }

    public static bool operator <(DoubleDouble a, DoubleDouble b) => a.Hi < b.Hi || (a.Hi == b.Hi && a.Lo < b.Lo);

    public static bool operator >(DoubleDouble a, DoubleDouble b) => b < a;

    /// <summary>The smaller of both.</summary>
    public static DoubleDouble Min(DoubleDouble a, DoubleDouble b) => b < a ? b : a;

    /// <summary>The larger of both.</summary>
    public static DoubleDouble Max(DoubleDouble a, DoubleDouble b) => a < b ? b : a;

    /// <summary>Square root of a value >= 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleDouble Sqrt(DoubleDouble a)
    {
        if (!(a.Hi > 0))
            return Zero;
        double s = Math.Sqrt(a.Hi);
        DoubleDouble rest = a - Product(s, s);
        return Normalized(s, rest.Hi / (2 * s));
    }

    /// <summary>e^x - 1.</summary>
    public static DoubleDouble ExpM1(DoubleDouble x)
    {
        if (x.Hi > 700 || x.Hi < -80)
            return x.Hi < 0 ? -One : Elementary.ExpM1(x.Hi);
        double k = Math.Round(x.Hi * 1.4426950408889634);
        DoubleDouble r = x - LogOf2 * k;

        // Taylor on r / 32, then five times (1 + m)^2 - 1 = m (2 + m).
        r = new(r.Hi * 0.03125, r.Lo * 0.03125);
        DoubleDouble sum = r;
        DoubleDouble term = r;
        for (int n = 2; n <= 16; n++)
        {
            term = term * r / (double)n;
            sum += term;
            if (Math.Abs(term.Hi) <= 1e-34 * Math.Abs(sum.Hi))
                break;
        }

        for (int n = 0; n < 5; n++)
            sum *= sum + 2;
        if (k == 0)
            return sum;
        double scale = BitConverter.Int64BitsToDouble((long)((int)k + 1023) << 52);
        return new DoubleDouble(sum.Hi * scale, sum.Lo * scale) + Sum(scale, -1);
    }

    /// <summary>log(1 + x) for x > -1.</summary>
    public static DoubleDouble Log1P(DoubleDouble x)
    {
        if (x.Hi == 0)
            return Zero;
        if (x.Hi < -0.3 || x.Hi > 0.4)
            return Log(x + 1);
        double start = Elementary.Log1P(x.Hi);
        DoubleDouble m = ExpM1(start);
        return Corrected(start, (x - m) / (m + 1));
    }

    /// <summary>Natural logarithm of a positive value.</summary>
    public static DoubleDouble Log(DoubleDouble x)
    {
        double start = Elementary.Log(x.Hi);
        if (!double.IsFinite(start))
            return start;
        return start < 0
            ? Corrected(start, x * (ExpM1(-start) + 1) - One)
            : Corrected(start, (x - One - ExpM1(start)) / (ExpM1(start) + 1));
    }

    /// <summary>A double that is not above the value.</summary>
    public double RoundedDown() => Lo < 0 ? Math.BitDecrement(Hi) : Hi;

    /// <summary>The nearest double.</summary>
    public double Nearest() => Hi;

    /// <summary>log(e^start (1 + d)) where d is the rounding of start: log1p(d) = d - d^2/2 there.</summary>
    private static DoubleDouble Corrected(double start, DoubleDouble d) => (DoubleDouble)start + (d - d * d * 0.5);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static DoubleDouble Normalized(double hi, double lo)
    {
        double s = hi + lo;
        return double.IsFinite(s) ? new(s, lo - (s - hi)) : new(s, 0);
    }
}
