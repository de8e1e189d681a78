using System.Numerics;

namespace QTrade.Solver.Tests.Arithmetic;

/// <summary>exp and log to about 60 digits in fixed point of 240 bits, for judging the solver's own.</summary>
internal static class Oracle
{
    private const int Bits = 240;
    private static readonly BigInteger One = BigInteger.One << Bits;
    private static readonly BigInteger LogOf2 = LogOfRatio(BigInteger.One, new BigInteger(3)) * 2;

    /// <summary>The double as a fixed-point number; smaller parts than 2^-240 are cut.</summary>
    public static BigInteger Fixed(double x)
    {
        long bits = BitConverter.DoubleToInt64Bits(x);
        int exponent = (int)((bits >> 52) & 0x7FF);
        BigInteger mantissa = (bits & 0xFFFFFFFFFFFFF) | (exponent == 0 ? 0 : 1L << 52);
        int shift = Math.Max(exponent, 1) - 1075 + Bits;
        BigInteger value = shift >= 0 ? mantissa << shift : mantissa >> -shift;
        return bits < 0 ? -value : value;
    }

    /// <summary>e^x for |x| below 60.</summary>
    public static BigInteger Exp(BigInteger x)
    {
        BigInteger r = x >> 8;
        BigInteger sum = One, term = One;
        for (int n = 1; !term.IsZero && n < 200; n++)
        {
            term = (term * r >> Bits) / n;
            sum += term;
        }

        for (int n = 0; n < 8; n++)
            sum = sum * sum >> Bits;
        return sum;
    }

    public static BigInteger ExpM1(BigInteger x) => Exp(x) - One;

    /// <summary>log of a positive number.</summary>
    public static BigInteger Log(BigInteger x)
    {
        int k = (int)x.GetBitLength() - 1 - Bits;
        BigInteger m = k >= 0 ? x >> k : x << -k;
        return (LogOfRatio(m - One, m + One) * 2) + (LogOf2 * k);
    }

    public static BigInteger Log1P(BigInteger x) => Log(One + x);

    /// <summary>The difference of the double from the exact value, in units of the double's last place.</summary>
    public static double Ulps(double actual, BigInteger exact)
    {
        BigInteger ulp = Fixed(Math.BitIncrement(Math.Abs(actual))) - Fixed(Math.Abs(actual));
        return (double)(((Fixed(actual) - exact) << 20) / BigInteger.Max(ulp, BigInteger.One)) / (1 << 20);
    }

    /// <summary>The relative difference of hi + lo from the exact value.</summary>
    public static double Relative(double hi, double lo, BigInteger exact) =>
        Math.Abs((double)(((Fixed(hi) + Fixed(lo) - exact) << 120) / exact)) / (double)(BigInteger.One << 120);

    /// <summary>atanh(numerator / denominator).</summary>
    private static BigInteger LogOfRatio(BigInteger numerator, BigInteger denominator)
    {
        BigInteger s = (numerator << Bits) / denominator;
        BigInteger square = s * s >> Bits;
        BigInteger sum = BigInteger.Zero, power = s;
        for (int n = 1; !power.IsZero && n < 600; n += 2)
        {
            sum += power / n;
            power = power * square >> Bits;
        }

        return sum;
    }
}
