namespace QTrade.Markets.Venues;

/// <summary>
/// Orca Whirlpool's map from ticks to square roots of prices in Q64.64. Up: a product of floor(1.0001^(2^i / 2) 2^96), each step shifted down by
/// 96; down: a product of floor(1.0001^(-2^i / 2) 2^64). It differs from Raydium's in the last digits and is never mixed with it.
/// </summary>
public static class OrcaTicks
{
    /// <summary>The highest tick; the lowest is its negative.</summary>
    public const int TickMax = 443_636;

    private const int Bits = 19;

    private static readonly UInt128[] Up =
    [
        new(0x1000346d6, 0xff11672ae55ad00f), new(0x100068db8, 0xbac710cb295e9e1b),
        new(0x1000d1b9c, 0x68abe5f76b30fb75), new(0x1001a37e4, 0xa234cb0830516e51),
        new(0x100347278, 0xab0e92ada25ab460), new(0x10068efb0, 0x0a525480a5d7fdc2),
        new(0x100d20a63, 0xb4173839df9daaa5), new(0x101a4c11c, 0x742dd7729738df5e),
        new(0x1034c35c3, 0x1f64cfa6dc0d6de4), new(0x106a34b78, 0xc8aaffbf81bed5a3),
        new(0x10d72a6a4, 0x6ccd8bce9ae771b1), new(0x11b9a258e, 0x63928596dc757faa),
        new(0x13a2e2bda, 0x04f8379f3cd17be5), new(0x181954be6, 0x9e0da8fe77f2ab42),
        new(0x244c2655d, 0x185a029080252877), new(0x525816eeb, 0x9f935b1c616779e8),
        new(0x1a7c8d00b5, 0x51684ff4d31ae065), new(0x2bd893d0b2d, 0xf7c97884590c66cd),
        new(0x78278e1e19e44, 0x8cf8b95d2152dccf),
    ];

    private static readonly ulong[] Down =
    [
        0xfffcb933bd6fad37, 0xfff97272373d4132, 0xfff2e50f5f656932, 0xffe5caca7e10e4e6, 0xffcb9843d60f6159,
        0xff973b41fa98c081, 0xff2ea16466c96a38, 0xfe5dee046a99a2a8, 0xfcbe86c7900a88ae, 0xf987a7253ac41317,
        0xf3392b0822b70005, 0xe7159475a2c29b74, 0xd097f3bdfd2022b8, 0xa9f746462d870fdf, 0x70d869a156d2a1b8,
        0x31be135f97d08fd9, 0x9aa508b5b7a84e1, 0x5d6af8dedb8119, 0x2216e584f5fa,
    ];

    /// <summary>The square root at the lowest tick.</summary>
    public static UInt128 SqrtPriceMin => 4_295_048_016;

    /// <summary>The square root at the highest tick.</summary>
    public static UInt128 SqrtPriceMax { get; } = UInt128.Parse("79226673515401279992447579055");

    /// <summary>The square root of the price at a tick within the bounds.</summary>
    public static UInt128 SqrtPriceAt(int tick)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Math.Abs(tick), TickMax);
        return tick >= 0 ? Above(tick) : Below(-tick);
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

    private static UInt128 Above(int tick)
    {
        var ratio = UInt128.One << 96;
        for (var i = 0; i < Bits; i++)
        {
            if ((tick >> i & 1) != 0)
                ratio = WideProduct.ShiftDown96(ratio, Up[i]);
        }

        return ratio >> 32;
    }

    private static UInt128 Below(int distance)
    {
        var ratio = UInt128.One << 64;
        for (var i = 0; i < Bits; i++)
        {
            if ((distance >> i & 1) != 0)
                ratio = ratio * Down[i] >> 64;
        }

        return ratio;
    }
}
