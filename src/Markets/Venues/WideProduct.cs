using QTrade.Markets.Arithmetic;

namespace QTrade.Markets.Venues;

/// <summary>Products of 128-bit integers that are shifted or divided at once, as the programs on chain compute them in 256 bits.</summary>
internal static class WideProduct
{
    /// <summary>The integer in 256 bits.</summary>
    public static UInt256 Widen(UInt128 value) => new((ulong)value, (ulong)(value >> 64), 0, 0);

    /// <summary>The integer times 2^64.</summary>
    public static UInt256 WidenShifted(UInt128 value) => new(0, (ulong)value, (ulong)(value >> 64), 0);

    /// <summary>a b over 256 bits.</summary>
    public static UInt256 Multiply(UInt128 a, UInt128 b)
    {
        var (a0, a1, b0, b1) = ((ulong)a, (ulong)(a >> 64), (ulong)b, (ulong)(b >> 64));
        var h00 = Math.BigMul(a0, b0, out var u0);
        var middle = (UInt128)a0 * b1 + h00;
        var cross = (UInt128)a1 * b0 + (ulong)middle;
        var high = (UInt128)a1 * b1 + (middle >> 64) + (cross >> 64);
        return new UInt256(u0, (ulong)cross, (ulong)high, (ulong)(high >> 64));
    }

    /// <summary>floor(a b / 2^96), which fits 128 bits.</summary>
    public static UInt128 ShiftDown96(UInt128 a, UInt128 b)
    {
        var product = Multiply(a, b);
        return Narrow(product >> 96);
    }

    /// <summary>The integer in 128 bits.</summary>
    /// <exception cref="OverflowException">It is larger.</exception>
    public static UInt128 Narrow(in UInt256 value)
    {
        if (value.Limb(2) != 0 || value.Limb(3) != 0)
            throw new OverflowException("a number passes 128 bits");
        return new UInt128(value.Limb(1), value.Limb(0));
    }

    /// <summary>The integer in 64 bits.</summary>
    /// <exception cref="OverflowException">It is larger.</exception>
    public static ulong NarrowTo64(UInt128 value) =>
        value > ulong.MaxValue ? throw new OverflowException("an amount passes 64 bits") : (ulong)value;

    /// <summary>floor(a b / d).</summary>
    public static UInt128 MulDivDown(UInt128 a, UInt128 b, UInt128 d) => Narrow(UInt256.MulDivDown(Widen(a), Widen(b), Widen(d)));

    /// <summary>ceil(a b / d).</summary>
    public static UInt128 MulDivUp(UInt128 a, UInt128 b, UInt128 d) => Narrow(UInt256.MulDivUp(Widen(a), Widen(b), Widen(d)));

    /// <summary>floor(a b / d) for a product within 128 bits and a quotient within 64.</summary>
    public static ulong MulDivDown(ulong a, ulong b, ulong d) => NarrowTo64((UInt128)a * b / d);

    /// <summary>ceil(a b / d) for a product within 128 bits and a quotient within 64.</summary>
    public static ulong MulDivUp(ulong a, ulong b, ulong d) => NarrowTo64(CeilDiv((UInt128)a * b, d));

    /// <summary>ceil(a / d).</summary>
    public static UInt128 CeilDiv(UInt128 a, UInt128 d)
    {
        var quotient = a / d;
        return quotient * d == a ? quotient : quotient + 1;
    }
}
