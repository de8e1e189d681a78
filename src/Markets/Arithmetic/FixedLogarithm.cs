using System.Collections.Immutable;
using System.Numerics;

namespace QTrade.Markets.Arithmetic;

/// <summary>
/// ln(1 + u) and 1 - e^-t in steps of 2^-160, rounded to a named side: a result lies on its side of the true value and within
/// 2^-152 of it. The same bits on every machine.
/// </summary>
internal static class FixedLogarithm
{
    /// <summary>Bits behind the binary point of arguments and results.</summary>
    public const int FractionBits = 160;

    // Every product below is short by less than a unit and k ln 2 by less than 96 of them.
    private const ulong ErrorUnits = 128;

    private const int TableBits = 6;
    private const int SeriesTerms = 24;

    private static readonly UInt256 Unit = UInt256.PowerOfTwo(FractionBits);
    private static readonly UInt256 LogTwo = Series.LogTwo();
    private static readonly ImmutableArray<UInt256> LogTable = Series.Logarithms();
    private static readonly ImmutableArray<UInt256> ExpTable = Series.Exponentials();
    private static readonly ImmutableArray<UInt256> Inverse = Series.Inverses();

    /// <summary>A lower bound of ln(1 + u).</summary>
    public static UInt256 LogOnePlusDown(in UInt256 u) => UInt256.SubtractOrZero(LogOnePlus(u), ErrorUnits);

    /// <summary>An upper bound of ln(1 + u).</summary>
    public static UInt256 LogOnePlusUp(in UInt256 u) => u.IsZero ? u : LogOnePlus(u) + ErrorUnits;

    /// <summary>A lower bound of 1 - e^-t.</summary>
    public static UInt256 OneMinusExpDown(in UInt256 t) => UInt256.SubtractOrZero(OneMinusExp(t), ErrorUnits);

    /// <summary>An upper bound of 1 - e^-t, at most 1.</summary>
    public static UInt256 OneMinusExpUp(in UInt256 t) => t.IsZero ? t : UInt256.Min(OneMinusExp(t) + ErrorUnits, Unit);

    /// <summary>
    /// With 1 + u = 2^k m and c the multiple of 1/64 at or below m: k ln 2 + ln c + 2 atanh((m - c) / (m + c)), whose
    /// argument is below 2^-7.
    /// </summary>
    private static UInt256 LogOnePlus(in UInt256 u)
    {
        var z = Unit + u;
        var k = z.BitLength - FractionBits - 1;
        var m = z >> k;
        var index = (int)((m - Unit) >> (FractionBits - TableBits)).Low;
        var c = Unit + ((UInt256)(ulong)index << (FractionBits - TableBits));
        var r = UInt256.MulDivDown(m - c, Unit, m + c);
        var square = UInt256.MulShiftDown(r, r, FractionBits);
        var sum = UInt256.Zero;
        for (var n = SeriesTerms - 1; n >= 1; n -= 2)
            sum = UInt256.MulShiftDown(sum, square, FractionBits) + Inverse[n];
        var series = UInt256.MulShiftDown(sum, r, FractionBits) << 1;
        return UInt256.MulShiftDown(LogTwo, (ulong)k, 0) + LogTable[index] + series;
    }

    /// <summary>With t = n ln 2 + j/64 + q and E = 1 - e^-q by its series: 1 - 2^-n e^-(j/64) (1 - E).</summary>
    private static UInt256 OneMinusExp(in UInt256 t)
    {
        var n = UInt256.MulDivDown(t, UInt256.One, LogTwo);
        if (n > (ulong)FractionBits)
            return Unit;
        var rest = t - UInt256.MulShiftDown(LogTwo, n, 0);
        var j = (int)(rest >> (FractionBits - TableBits)).Low;
        var q = rest - ((UInt256)(ulong)j << (FractionBits - TableBits));
        var bracket = Unit;
        for (var i = SeriesTerms; i >= 2; i--)
            bracket = Unit - UInt256.MulShiftDown(UInt256.MulShiftDown(q, bracket, FractionBits), Inverse[i], FractionBits);
        var small = UInt256.MulShiftDown(q, bracket, FractionBits);
        if (n.IsZero && j == 0)
            return small;
        var kept = UInt256.MulShiftDown(ExpTable[j], Unit - small, FractionBits) >> (int)n.Low;
        return Unit - kept;
    }

    /// <summary>The constants, from their series in integers of twice the bits.</summary>
    private static class Series
    {
        private const int GuardBits = 160;
        private const int Bits = FractionBits + GuardBits;
        private static readonly BigInteger One = BigInteger.One << Bits;

        /// <summary>ln 2 = 2 atanh(1/3).</summary>
        public static UInt256 LogTwo() => Rounded(2 * Atanh(1, 3));

        /// <summary>ln(1 + i/64) = 2 atanh(i / (128 + i)).</summary>
        public static ImmutableArray<UInt256> Logarithms() => Table(1 << TableBits, i => 2 * Atanh(i, (2 << TableBits) + i));

        /// <summary>e^-(j/64).</summary>
        public static ImmutableArray<UInt256> Exponentials() => Table(1 << TableBits, ExpMinus);

        /// <summary>1/n from n = 1; the first is not used.</summary>
        public static ImmutableArray<UInt256> Inverses() => Table(SeriesTerms + 1, n => One / Math.Max(n, 1));

        private static ImmutableArray<UInt256> Table(int length, Func<int, BigInteger> entry)
        {
            var table = ImmutableArray.CreateBuilder<UInt256>(length);
            for (var i = 0; i < length; i++)
                table.Add(Rounded(entry(i)));
            return table.MoveToImmutable();
        }

        private static BigInteger Atanh(int numerator, int denominator)
        {
            var power = One * numerator / denominator;
            var sum = BigInteger.Zero;
            for (var n = 1; !power.IsZero; n += 2)
            {
                sum += power / n;
                power = power * numerator / denominator * numerator / denominator;
            }

            return sum;
        }

        private static BigInteger ExpMinus(int j)
        {
            var term = One;
            var sum = BigInteger.Zero;
            for (var n = 1; !term.IsZero; n++)
            {
                sum += term;
                term = -term * j / ((1 << TableBits) * n);
            }

            return sum;
        }

        private static UInt256 Rounded(BigInteger value)
        {
            Span<byte> bytes = stackalloc byte[32];
            bytes.Clear();
            (value >> GuardBits).TryWriteBytes(bytes, out _, isUnsigned: true);
            return new UInt256(
                BitConverter.ToUInt64(bytes),
                BitConverter.ToUInt64(bytes[8..]),
                BitConverter.ToUInt64(bytes[16..]),
                BitConverter.ToUInt64(bytes[24..]));
        }
    }
}
