namespace QTrade.Markets.Venues;

/// <summary>Meteora's fee that follows volatility: ceil((accumulator step)^2 control / 10^11) billionths.</summary>
public static class VolatilityFee
{
    /// <summary>Fees count billionths.</summary>
    public const ulong One = 1_000_000_000;

    private const ulong Scale = 100_000_000_000;

    /// <summary>The variable fee.</summary>
    /// <exception cref="OverflowException">It passes 128 bits.</exception>
    public static UInt128 Of(UInt128 accumulator, uint step, uint control)
    {
        if (control == 0)
            return UInt128.Zero;
        var product = checked(accumulator * step);
        return WideProduct.CeilDiv(checked(product * product * control), Scale);
    }

    /// <summary>
    /// (base / 2^64)^exponent in Q64.64 by squaring, as Meteora's programs compute prices and decays: on the reciprocal of a base above 1,
    /// inverted back at the end.
    /// </summary>
    /// <exception cref="OverflowException">It rounds to 0.</exception>
    public static UInt128 Power(UInt128 value, int exponent)
    {
        var one = UInt128.One << 64;
        if (exponent == 0)
            return one;
        var invert = exponent < 0;
        var squared = value;
        if (squared >= one)
        {
            squared = UInt128.MaxValue / squared;
            invert = !invert;
        }

        var result = one;
        for (var left = (uint)Math.Abs((long)exponent); left > 0; left >>= 1)
        {
            if ((left & 1) != 0)
                result = result * squared >> 64;
            squared = squared * squared >> 64;
        }

        if (result == UInt128.Zero)
            throw new OverflowException("a price rounds to 0");
        return invert ? UInt128.MaxValue / result : result;
    }
}
