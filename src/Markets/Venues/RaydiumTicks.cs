namespace QTrade.Markets.Venues;

/// <summary>
/// Raydium CLMM's map from ticks to square roots of prices in Q64.64: a product of 19 constants over |tick|, each step shifted down by 64;
/// for positive ticks (2^128 - 1) over it. It differs from Orca's in the last digits and is never mixed with it.
/// </summary>
public static class RaydiumTicks
{
    /// <summary>The highest tick; the lowest is its negative.</summary>
    public const int TickMax = 443_636;

    private const int Bits = 19;

    private static readonly ulong[] Factors =
    [
        0xfffcb933bd6fb800, 0xfff97272373d4000, 0xfff2e50f5f657000, 0xffe5caca7e10f000, 0xffcb9843d60f7000,
        0xff973b41fa98e800, 0xff2ea16466c9b000, 0xfe5dee046a9a3800, 0xfcbe86c7900bb000, 0xf987a7253ac65800,
        0xf3392b0822bb6000, 0xe7159475a2caf000, 0xd097f3bdfd2f2000, 0xa9f746462d9f8000, 0x70d869a156f31c00,
        0x31be135f97ed3200, 0x9aa508b5b85a500, 0x5d6af8dedc582c, 0x2216e584f5fa,
    ];

    /// <summary>The square root at the lowest tick.</summary>
    public static UInt128 SqrtPriceMin => 4_295_048_016;

    /// <summary>The square root at the highest tick.</summary>
    public static UInt128 SqrtPriceMax { get; } = UInt128.Parse("79226673521066979257578248091");

    /// <summary>The square root of the price at a tick within the bounds.</summary>
    public static UInt128 SqrtPriceAt(int tick)
    {
        var distance = Math.Abs(tick);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(distance, TickMax);
        var ratio = UInt128.One << 64;
        for (var i = 0; i < Bits; i++)
        {
            if ((distance >> i & 1) != 0)
                ratio = ratio * Factors[i] >> 64;
        }

        return tick > 0 ? UInt128.MaxValue / ratio : ratio;
    }

    /// <summary>The highest tick whose square root is not above this one, which lies within the bounds.</summary>
    public static int TickAt(UInt128 sqrtPrice)
    {
        var tick = Math.Clamp(TickEstimate.Of(sqrtPrice), -TickMax, TickMax);
        while (tick < TickMax && SqrtPriceAt(tick + 1) <= sqrtPrice)
            tick++;
        while (tick > -TickMax && SqrtPriceAt(tick) > sqrtPrice)
            tick--;
        return tick;
    }
}
