using System.Numerics;

namespace QTrade.Markets.Venues;

/// <summary>A tick near a square root of a price: a binary logarithm by repeated squaring, right to one tick.</summary>
internal static class TickEstimate
{
    private const int FractionBits = 20;

    // 1 / log2(sqrt(1.0001)).
    private const double TicksPerOctave = 13_863.636_746_855_167;

    public static int Of(UInt128 sqrtPrice)
    {
        if (sqrtPrice == UInt128.Zero)
            return int.MinValue / 2;
        var highest = 127 - (int)UInt128.LeadingZeroCount(sqrtPrice);
        var r = (ulong)(highest >= 63 ? sqrtPrice >> (highest - 63) : sqrtPrice << (63 - highest));
        var fraction = 0;
        for (var bit = FractionBits - 1; bit >= 0; bit--)
        {
            var high = Math.BigMul(r, r, out var low);
            if (BitOperations.LeadingZeroCount(high) == 0)
            {
                fraction |= 1 << bit;
                r = high;
            }
            else
            {
                r = high << 1 | low >> 63;
            }
        }

        return (int)Math.Floor((highest - 64 + fraction / (double)(1 << FractionBits)) * TicksPerOctave);
    }
}
