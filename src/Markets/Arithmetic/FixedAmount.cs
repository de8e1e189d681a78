using System.Numerics;

namespace QTrade.Markets.Arithmetic;

/// <summary>
/// Amounts in fixed point: a <see cref="UInt256"/> counts 2^-112. Every double from 1e-18 to 3e38 is such an amount exactly; larger
/// ones and those with bits below 2^-112 are out of range.
/// </summary>
public static class FixedAmount
{
    /// <summary>Bits behind the binary point.</summary>
    public const int FractionBits = 112;

    private const int BitsMax = 128 + FractionBits;
    private const int DoubleBits = 53;

    /// <summary>The amount that a finite double of at least 0 is.</summary>
    /// <exception cref="OverflowException">It is out of range.</exception>
    public static UInt256 From(double value)
    {
        if (value == 0)
            return UInt256.Zero;
        var exact = new ExactDouble(value);
        var shift = exact.Exponent + FractionBits;
        if (shift < 0 || 64 - BitOperations.LeadingZeroCount(exact.Mantissa) + shift > BitsMax)
            throw new OverflowException("an amount is out of range");
        return (UInt256)exact.Mantissa << shift;
    }

    /// <summary>The largest double that is not above the amount.</summary>
    public static double ToDoubleDown(in UInt256 amount) => ToDouble(amount, FractionBits, up: false);

    /// <summary>The smallest double that is not below the amount.</summary>
    public static double ToDoubleUp(in UInt256 amount) => ToDouble(amount, FractionBits, up: true);

    /// <summary>A number that counts 2^-fractionBits as a double, rounded down or up.</summary>
    internal static double ToDouble(in UInt256 value, int fractionBits, bool up)
    {
        if (value.IsZero)
            return 0;
        var excess = Math.Max(value.BitLength - DoubleBits, 0);
        var mantissa = (value >> excess).Low;
        if (up && value.TrailingZeros < excess)
            mantissa++;
        return Math.ScaleB((double)mantissa, excess - fractionBits);
    }
}
