using System.Numerics;

namespace QTrade.Verification.Arithmetic;

/// <summary>
/// A binary floating-point number of <see cref="Precision"/> significant bits (77 decimal digits): <c>Mantissa * 2^Exponent</c>.
/// Sums, differences, products, quotients and square roots carry a relative error of at most 2^-255 per operation; a double enters
/// exactly. There is no NaN and no infinity: what is not finite stops at the border (<see cref="From(double)"/> is only for finite
/// doubles).
/// </summary>
internal readonly struct Real : IComparable<Real>, IEquatable<Real>
{
    /// <summary>Significant bits kept by every operation.</summary>
    public const int Precision = 256;

    /// <summary>When two exponents differ by more than this, the smaller number cannot reach the kept bits of a sum.</summary>
    private const int Negligible = 4 * Precision;

    private readonly BigInteger mantissa;
    private readonly int exponent;

    private Real(BigInteger mantissa, int exponent)
    {
        this.mantissa = mantissa;
        this.exponent = mantissa.IsZero ? 0 : exponent;
    }

    public static Real Zero => default;

    public static Real One { get; } = new(BigInteger.One, 0);

    public BigInteger Mantissa => mantissa;

    public int Exponent => exponent;

    public int Sign => mantissa.Sign;

    public bool IsZero => mantissa.IsZero;

    /// <summary>The exponent e with 2^(e-1) &lt;= |value| &lt; 2^e; 0 for zero.</summary>
    public int Magnitude => mantissa.IsZero ? 0 : exponent + BitLength(mantissa);

    /// <summary>mantissa * 2^exponent, rounded to nearest at <see cref="Precision"/> bits.</summary>
    public static Real Scaled(BigInteger mantissa, int exponent)
    {
        int excess = BitLength(mantissa) - Precision;
        if (excess <= 0)
            return new Real(mantissa, exponent);
        BigInteger half = BigInteger.One << (excess - 1);
        return new Real((mantissa + half) >> excess, exponent + excess);
    }

    /// <summary>The exact value of a finite double.</summary>
    public static Real From(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        int biased = (int)((bits >> 52) & 0x7FF);
        if (biased == 0x7FF)
            throw new ArgumentOutOfRangeException(nameof(value), value, "only finite numbers enter the high-precision arithmetic");
        long fraction = bits & 0xFFFFFFFFFFFFFL;
        long magnitude = biased == 0 ? fraction : fraction | (1L << 52);
        if (magnitude == 0)
            return Zero;
        int trailing = BitOperations.TrailingZeroCount(magnitude);
        magnitude >>= trailing;
        return new Real(bits < 0 ? -magnitude : magnitude, Math.Max(biased, 1) - 1075 + trailing);
    }

    public static implicit operator Real(double value) => From(value);

    public static implicit operator Real(int value) => new(value, 0);

    public static Real operator +(Real a, Real b)
    {
        if (a.IsZero)
            return b;
        if (b.IsZero)
            return a;
        if (a.exponent < b.exponent)
            (a, b) = (b, a);
        int apart = a.exponent - b.exponent;
        if (a.Magnitude - b.Magnitude > Negligible)
            return a;
        return b.Magnitude - a.Magnitude > Negligible ? b : Scaled((a.mantissa << apart) + b.mantissa, b.exponent);
    }

    public static Real operator -(Real a) => new(-a.mantissa, a.exponent);

    public static Real operator -(Real a, Real b) => a + -b;

    public static Real operator *(Real a, Real b) => Scaled(a.mantissa * b.mantissa, a.exponent + b.exponent);

    public static Real operator /(Real a, Real b)
    {
        if (b.IsZero)
            throw new DivideByZeroException("a high-precision quotient with divisor zero");
        if (a.IsZero)
            return Zero;
        // Two bits more than are kept: the cut-off remainder then costs less than half of the last kept bit.
        int shift = Math.Max(0, Precision + 2 + BitLength(b.mantissa) - BitLength(a.mantissa));
        return Scaled((a.mantissa << shift) / b.mantissa, a.exponent - b.exponent - shift);
    }

    public static bool operator <(Real a, Real b) => a.CompareTo(b) < 0;

    public static bool operator >(Real a, Real b) => a.CompareTo(b) > 0;

    public static bool operator <=(Real a, Real b) => a.CompareTo(b) <= 0;

    public static bool operator >=(Real a, Real b) => a.CompareTo(b) >= 0;

    public static bool operator ==(Real a, Real b) => a.CompareTo(b) == 0;

    public static bool operator !=(Real a, Real b) => a.CompareTo(b) != 0;

    public static Real Abs(Real a) => a.Sign < 0 ? -a : a;

    public static Real Min(Real a, Real b) => a <= b ? a : b;

    public static Real Max(Real a, Real b) => a >= b ? a : b;

    /// <summary>value * 2^power, exactly.</summary>
    public static Real TimesPowerOfTwo(Real value, int power) => new(value.mantissa, value.exponent + power);

    public int CompareTo(Real other)
    {
        if (Sign != other.Sign || Sign == 0)
            return Sign.CompareTo(other.Sign);
        int byMagnitude = Magnitude.CompareTo(other.Magnitude);
        return byMagnitude != 0 ? Sign * byMagnitude : (this - other).Sign;
    }

    public bool Equals(Real other) => CompareTo(other) == 0;

    public override bool Equals(object? obj) => obj is Real other && Equals(other);

    public override int GetHashCode()
    {
        if (IsZero)
            return 0;
        // Equal values may be written with different trailing zeros.
        int trailing = (int)BigInteger.TrailingZeroCount(mantissa);
        return HashCode.Combine(mantissa >> trailing, exponent + trailing);
    }

    /// <summary>The double next to this value, for showing; beyond the range of doubles: infinity or zero.</summary>
    public double ToDouble()
    {
        if (IsZero)
            return 0;
        int excess = Math.Max(0, BitLength(mantissa) - 64);
        double leading = (double)(mantissa >> excess);
        int power = exponent + excess;
        // In two steps, so that neither factor leaves the range while the product is inside it.
        return Math.ScaleB(Math.ScaleB(leading, power / 2), power - power / 2);
    }

    public override string ToString() => ToDouble().ToString("R");

    private static int BitLength(BigInteger value) => (int)BigInteger.Abs(value).GetBitLength();
}
