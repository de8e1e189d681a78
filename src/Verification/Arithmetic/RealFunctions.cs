using System.Numerics;

namespace QTrade.Verification.Arithmetic;

/// <summary>
/// Square root, exponential and logarithm of a <see cref="Real"/>, in fixed point with <see cref="Guard"/> bits beyond the kept ones.
/// Errors: square root 2^-255 relative; exponential 2^-250 relative; logarithm 2^-250 * max(1, |log x|) absolute.
/// </summary>
internal static class RealFunctions
{
    private const int Guard = 72;
    private const int FractionBits = Real.Precision + Guard;

    /// <summary>Below this an exponential is taken as zero: e^-2^30 is far under anything that a market's doubles can weigh.</summary>
    private const int VanishingMagnitude = 31;

    /// <summary>The series of the exponential runs on r / 2^16, squared back 16 times.</summary>
    private const int ExpHalvings = 16;

    /// <summary>The series of the logarithm runs on the 2^8-th root.</summary>
    private const int LogRoots = 8;

    private static readonly BigInteger OneFixed = BigInteger.One << FractionBits;

    /// <summary>ln 2 = 18 atanh(1/26) - 2 atanh(1/4801) + 8 atanh(1/8749), in fixed point.</summary>
    private static readonly BigInteger Ln2Fixed = 18 * InverseTanhOfReciprocal(26) - 2 * InverseTanhOfReciprocal(4801) + 8 * InverseTanhOfReciprocal(8749);

    public static Real Sqrt(Real value)
    {
        if (value.Sign < 0)
            throw new ArgumentOutOfRangeException(nameof(value), value.ToDouble(), "square root of a negative number");
        if (value.IsZero)
            return value;
        int bits = (int)value.Mantissa.GetBitLength();
        int shift = 2 * (Real.Precision + 2) - bits;
        if (((value.Exponent - shift) & 1) != 0)
            shift++;
        BigInteger radicand = shift >= 0 ? value.Mantissa << shift : value.Mantissa >> -shift;
        return Real.Scaled(IntegerSqrt(radicand), (value.Exponent - shift) / 2);
    }

    public static Real Exp(Real value)
    {
        if (value.IsZero)
            return Real.One;
        if (value.Magnitude > VanishingMagnitude)
            return value.Sign < 0 ? Real.Zero : throw new OverflowException("exponential beyond the range of the high-precision arithmetic");
        BigInteger x = ToFixed(value);
        BigInteger k = RoundedQuotient(x, Ln2Fixed);
        BigInteger r = (x - k * Ln2Fixed) >> ExpHalvings;
        BigInteger sum = OneFixed + r;
        BigInteger term = r;
        for (int n = 2; !term.IsZero && term != BigInteger.MinusOne; n++)
        {
            term = ((term * r) >> FractionBits) / n;
            sum += term;
        }
        for (int i = 0; i < ExpHalvings; i++)
            sum = (sum * sum) >> FractionBits;
        return Real.Scaled(sum, (int)k - FractionBits);
    }

    public static Real Log(Real value)
    {
        if (value.Sign <= 0)
            throw new ArgumentOutOfRangeException(nameof(value), value.ToDouble(), "logarithm of a number that is not positive");
        // value = root * 2^k with root in [3/4, 3/2): no cancellation between k ln 2 and the logarithm of the root.
        int k = value.Magnitude;
        Real unit = Real.TimesPowerOfTwo(value, -k);
        if (unit < 0.75)
        {
            unit = Real.TimesPowerOfTwo(unit, 1);
            k--;
        }
        BigInteger root = ToFixed(unit);
        for (int i = 0; i < LogRoots; i++)
            root = IntegerSqrt(root << FractionBits);
        BigInteger t = ((root - OneFixed) << FractionBits) / (root + OneFixed);
        BigInteger log = InverseTanh(t) << (LogRoots + 1);
        return Real.Scaled(log + k * Ln2Fixed, -FractionBits);
    }

    private static BigInteger ToFixed(Real value)
    {
        int shift = value.Exponent + FractionBits;
        return shift >= 0 ? value.Mantissa << shift : value.Mantissa >> -shift;
    }

    private static BigInteger RoundedQuotient(BigInteger a, BigInteger b) =>
        BigInteger.Divide(2 * a + (a.Sign < 0 ? -b : b), 2 * b);

    /// <summary>t + t^3/3 + t^5/5 + ... in fixed point, for |t| well below 1.</summary>
    private static BigInteger InverseTanh(BigInteger t)
    {
        BigInteger square = (t * t) >> FractionBits;
        BigInteger power = t;
        BigInteger sum = t;
        for (int n = 3; !power.IsZero && power != BigInteger.MinusOne; n += 2)
        {
            power = (power * square) >> FractionBits;
            sum += power / n;
        }
        return sum;
    }

    private static BigInteger InverseTanhOfReciprocal(int q)
    {
        BigInteger power = (BigInteger.One << FractionBits) / q;
        BigInteger sum = power;
        for (int n = 3; !power.IsZero; n += 2)
        {
            power /= q * q;
            sum += power / n;
        }
        return sum;
    }

    /// <summary>The largest integer whose square is at most n; n below 2^1000, so that its double exists as a start.</summary>
    private static BigInteger IntegerSqrt(BigInteger n)
    {
        BigInteger root = (BigInteger)Math.Sqrt((double)n);
        for (int i = 0; i < 3; i++)
            root = (root + n / root) >> 1;
        while (root * root > n)
            root--;
        while ((root + 1) * (root + 1) <= n)
            root++;
        return root;
    }
}
