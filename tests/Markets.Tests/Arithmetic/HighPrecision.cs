using System.Numerics;

namespace QTrade.Markets.Tests.Arithmetic;

/// <summary>Real numbers as integers that count 2^-640, with the plainest algorithms there are: what the library is compared with.</summary>
internal static class HighPrecision
{
    public const int Bits = 640;

    public static readonly BigInteger One = BigInteger.One << Bits;

    private static readonly BigInteger LogTwo = LogNearOne(2 * One);

    /// <summary>The double exactly, unless it has bits below 2^-640.</summary>
    public static BigInteger From(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var fraction = bits & 0xFFFFFFFFFFFFF;
        var biased = (int)(bits >> 52) & 0x7FF;
        BigInteger mantissa = biased == 0 ? fraction : fraction | (1L << 52);
        var shift = Math.Max(biased, 1) - 1075 + Bits;
        var magnitude = shift >= 0 ? mantissa << shift : mantissa >> -shift;
        return value < 0 ? -magnitude : magnitude;
    }

    public static BigInteger Times(BigInteger a, BigInteger b) => (a * b) >> Bits;

    public static BigInteger Over(BigInteger a, BigInteger b) => (a << Bits) / b;

    public static BigInteger Sqrt(BigInteger value) => IntegerSqrt(value << Bits);

    public static BigInteger IntegerSqrt(BigInteger value)
    {
        if (value.IsZero)
            return value;
        var root = BigInteger.One << (int)((value.GetBitLength() + 1) / 2);
        while (true)
        {
            var next = (root + value / root) >> 1;
            if (next >= root)
                return root;
            root = next;
        }
    }

    public static BigInteger Log(BigInteger value)
    {
        var k = (int)value.GetBitLength() - Bits - 1;
        var m = k >= 0 ? value >> k : value << -k;
        return LogNearOne(m) + k * LogTwo;
    }

    public static BigInteger Exp(BigInteger value)
    {
        const int halvings = 24;
        var small = value >> (halvings + (int)Math.Max(0, (long)BigInteger.Abs(value).GetBitLength() - Bits));
        var squarings = halvings + (int)Math.Max(0, (long)BigInteger.Abs(value).GetBitLength() - Bits);
        var term = One;
        var sum = BigInteger.Zero;
        for (var n = 1; !term.IsZero; n++)
        {
            sum += term;
            term = BigInteger.Divide(term * small, One * n);
        }

        for (var i = 0; i < squarings; i++)
            sum = Times(sum, sum);
        return sum;
    }

    private static BigInteger LogNearOne(BigInteger m)
    {
        var r = Over(m - One, m + One);
        var square = Times(r, r);
        var sum = BigInteger.Zero;
        for (var n = 1; !r.IsZero; n += 2)
        {
            sum += r / n;
            r = Times(r, square);
        }

        return 2 * sum;
    }
}
