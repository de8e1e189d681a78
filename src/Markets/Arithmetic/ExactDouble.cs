namespace QTrade.Markets.Arithmetic;

/// <summary>A double above 0 as the rational that it is: Mantissa 2^Exponent, the mantissa odd and below 2^53.</summary>
internal readonly struct ExactDouble
{
    private const int MantissaBits = 52;
    private const int ExponentBias = 1075;

    /// <summary>Takes a finite double above 0 apart.</summary>
    public ExactDouble(double value)
    {
        var bits = BitConverter.DoubleToUInt64Bits(value);
        var fraction = bits & ((1UL << MantissaBits) - 1);
        var biased = (int)(bits >> MantissaBits) & 0x7FF;
        Mantissa = biased == 0 ? fraction : fraction | (1UL << MantissaBits);
        Exponent = Math.Max(biased, 1) - ExponentBias;
        var zeros = Mantissa == 0 ? 0 : System.Numerics.BitOperations.TrailingZeroCount(Mantissa);
        Mantissa >>= zeros;
        Exponent += zeros;
    }

    /// <summary>The odd mantissa.</summary>
    public ulong Mantissa { get; }

    /// <summary>The power of two.</summary>
    public int Exponent { get; }

    /// <summary>floor(value times this).</summary>
    public UInt256 TimesDown(in UInt256 value) =>
        Exponent <= 0 ? UInt256.MulShiftDown(value, Mantissa, -Exponent) : UInt256.MulShiftDown(value, Mantissa, 0) << Exponent;

    /// <summary>ceil(value times this).</summary>
    public UInt256 TimesUp(in UInt256 value) =>
        Exponent <= 0 ? UInt256.MulShiftUp(value, Mantissa, -Exponent) : UInt256.MulShiftUp(value, Mantissa, 0) << Exponent;

    /// <summary>floor(value divided by this).</summary>
    public UInt256 IntoDown(in UInt256 value) => Over(Exponent, out var dividend, out var divisor)
        ? UInt256.MulDivDown(value, dividend, divisor)
        : throw new OverflowException("a number is too far from 1");

    /// <summary>ceil(value divided by this).</summary>
    public UInt256 IntoUp(in UInt256 value) => Over(Exponent, out var dividend, out var divisor)
        ? UInt256.MulDivUp(value, dividend, divisor)
        : throw new OverflowException("a number is too far from 1");

    /// <summary>This over another as a quotient of integers.</summary>
    public (UInt256 Numerator, UInt256 Denominator) Over(ExactDouble other)
    {
        var shift = Exponent - other.Exponent;
        return shift >= 0
            ? ((UInt256)Mantissa << shift, other.Mantissa)
            : (Mantissa, (UInt256)other.Mantissa << -shift);
    }

    private bool Over(int exponent, out UInt256 dividend, out UInt256 divisor)
    {
        dividend = UInt256.One;
        divisor = Mantissa;
        if (exponent is < -200 or > 200)
            return false;
        if (exponent < 0)
            dividend = UInt256.PowerOfTwo(-exponent);
        else
            divisor <<= exponent;
        return true;
    }
}
