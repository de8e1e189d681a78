using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace QTrade.Markets.Arithmetic;

/// <summary>
/// An unsigned integer of 256 bits, for amounts in fixed point. Every operation is exact or throws <see cref="OverflowException"/>;
/// products that are divided or shifted at once run over 512 bits. Where a result is rounded, the method's name says which way.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct UInt256 : IEquatable<UInt256>, IComparable<UInt256>
{
    private const int Limbs = 4;

    private readonly ulong _u0;
    private readonly ulong _u1;
    private readonly ulong _u2;
    private readonly ulong _u3;

    /// <summary>From 64-bit limbs, the lowest first.</summary>
    public UInt256(ulong u0, ulong u1, ulong u2, ulong u3)
    {
        _u0 = u0;
        _u1 = u1;
        _u2 = u2;
        _u3 = u3;
    }

    /// <summary>0.</summary>
    public static UInt256 Zero => default;

    /// <summary>1.</summary>
    public static UInt256 One => new(1, 0, 0, 0);

    /// <summary>2^256 - 1.</summary>
    public static UInt256 MaxValue => new(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, ulong.MaxValue);

    /// <summary>Whether it is 0.</summary>
    public bool IsZero => (_u0 | _u1 | _u2 | _u3) == 0;

    /// <summary>The lowest 64 bits.</summary>
    public ulong Low => _u0;

    /// <summary>Bits up to the highest that is set; 0 for 0.</summary>
    public int BitLength =>
        _u3 != 0 ? 256 - BitOperations.LeadingZeroCount(_u3)
        : _u2 != 0 ? 192 - BitOperations.LeadingZeroCount(_u2)
        : _u1 != 0 ? 128 - BitOperations.LeadingZeroCount(_u1)
        : 64 - BitOperations.LeadingZeroCount(_u0);

    /// <summary>Zero bits below the lowest that is set; 256 for 0.</summary>
    public int TrailingZeros =>
        _u0 != 0 ? BitOperations.TrailingZeroCount(_u0)
        : _u1 != 0 ? 64 + BitOperations.TrailingZeroCount(_u1)
        : _u2 != 0 ? 128 + BitOperations.TrailingZeroCount(_u2)
        : _u3 != 0 ? 192 + BitOperations.TrailingZeroCount(_u3)
        : 256;

    public static implicit operator UInt256(ulong value) => new(value, 0, 0, 0);

    /// <summary>The same integer.</summary>
    public static UInt256 FromUInt64(ulong value) => new(value, 0, 0, 0);

    /// <summary>2 to a power, 0 to 255.</summary>
    public static UInt256 PowerOfTwo(int power) => One << power;

    public static UInt256 operator +(in UInt256 left, in UInt256 right)
    {
        var sum = AddWrapping(left, right, out var carry);
        if (carry != 0)
            throw new OverflowException("a sum passes 256 bits");
        return sum;
    }

    public static UInt256 operator -(in UInt256 left, in UInt256 right)
    {
        var u0 = left._u0 - right._u0;
        var borrow = left._u0 < right._u0 ? 1UL : 0;
        var u1 = SubtractLimb(left._u1, right._u1, ref borrow);
        var u2 = SubtractLimb(left._u2, right._u2, ref borrow);
        var u3 = SubtractLimb(left._u3, right._u3, ref borrow);
        if (borrow != 0)
            throw new OverflowException("a difference falls below 0");
        return new UInt256(u0, u1, u2, u3);
    }

    /// <summary>Left shift by 0 to 255 bits.</summary>
    public static UInt256 operator <<(in UInt256 value, int shift)
    {
        if (value.IsZero || shift == 0)
            return value;
        if (shift < 0 || value.BitLength + shift > 256)
            throw new OverflowException("a shift passes 256 bits");
        var (u0, u1, u2, u3) = (value._u0, value._u1, value._u2, value._u3);
        if ((shift & 64) != 0)
            (u0, u1, u2, u3) = (0, u0, u1, u2);
        if ((shift & 128) != 0)
            (u0, u1, u2, u3) = (0, 0, u0, u1);
        var bits = shift & 63;
        return new UInt256(u0 << bits, Above(u1, u0, bits), Above(u2, u1, bits), Above(u3, u2, bits));
    }

    /// <summary>Right shift, rounding down.</summary>
    public static UInt256 operator >>(in UInt256 value, int shift)
    {
        if (shift == 0)
            return value;
        if (shift >= 256)
            return Zero;
        var (u0, u1, u2, u3) = (value._u0, value._u1, value._u2, value._u3);
        if ((shift & 64) != 0)
            (u0, u1, u2, u3) = (u1, u2, u3, 0);
        if ((shift & 128) != 0)
            (u0, u1, u2, u3) = (u2, u3, 0, 0);
        var bits = shift & 63;
        return new UInt256(Below(u1, u0, bits), Below(u2, u1, bits), Below(u3, u2, bits), u3 >> bits);
    }

    public static bool operator ==(in UInt256 left, in UInt256 right) => left.Equals(right);

    public static bool operator !=(in UInt256 left, in UInt256 right) => !left.Equals(right);

    public static bool operator <(in UInt256 left, in UInt256 right) => Compare(left, right) < 0;

    public static bool operator >(in UInt256 left, in UInt256 right) => Compare(left, right) > 0;

    public static bool operator <=(in UInt256 left, in UInt256 right) => Compare(left, right) <= 0;

    public static bool operator >=(in UInt256 left, in UInt256 right) => Compare(left, right) >= 0;

    /// <summary>The smaller.</summary>
    public static UInt256 Min(in UInt256 left, in UInt256 right) => left < right ? left : right;

    /// <summary>left - right, or 0 where that is below 0.</summary>
    public static UInt256 SubtractOrZero(in UInt256 left, in UInt256 right) => left > right ? left - right : Zero;

    /// <summary>floor(a b / d) over a product of 512 bits.</summary>
    public static UInt256 MulDivDown(in UInt256 a, in UInt256 b, in UInt256 d) => MulDiv(a, b, d, out _);

    /// <summary>ceil(a b / d) over a product of 512 bits.</summary>
    public static UInt256 MulDivUp(in UInt256 a, in UInt256 b, in UInt256 d)
    {
        var quotient = MulDiv(a, b, d, out var exact);
        return exact ? quotient : quotient + One;
    }

    /// <summary>floor(a b / 2^shift) over a product of 512 bits; shift 0 to 511.</summary>
    public static UInt256 MulShiftDown(in UInt256 a, in UInt256 b, int shift) => MulShift(a, b, shift, out _);

    /// <summary>ceil(a b / 2^shift) over a product of 512 bits; shift 0 to 511.</summary>
    public static UInt256 MulShiftUp(in UInt256 a, in UInt256 b, int shift)
    {
        var quotient = MulShift(a, b, shift, out var exact);
        return exact ? quotient : quotient + One;
    }

    /// <summary>Compares a^2 with n 2^shift, both over 512 bits, for square roots.</summary>
    internal static int CompareSquare(in UInt256 a, in UInt256 n, int shift)
    {
        Span<ulong> square = stackalloc ulong[2 * Limbs];
        Multiply(a, a, square);
        Span<ulong> shifted = stackalloc ulong[2 * Limbs];
        ShiftLeft(n, shift, shifted);
        return Wide.Compare(square, shifted);
    }

    /// <summary>floor(n 2^shift / d), the shifted dividend over 512 bits.</summary>
    internal static UInt256 ShiftDivDown(in UInt256 n, int shift, in UInt256 d)
    {
        Span<ulong> dividend = stackalloc ulong[2 * Limbs];
        ShiftLeft(n, shift, dividend);
        return Divide(dividend, d, out _);
    }

    /// <summary>The full product, 8 limbs, the lowest first.</summary>
    internal static void Multiply(in UInt256 a, in UInt256 b, Span<ulong> product)
    {
        product.Clear();
        for (var i = 0; i < Limbs; i++)
        {
            var ai = a.Limb(i);
            if (ai == 0)
                continue;
            ulong carry = 0;
            var row = product.Slice(i, Limbs + 1);
            row[0] = AddProduct(ai, b._u0, row[0], ref carry);
            row[1] = AddProduct(ai, b._u1, row[1], ref carry);
            row[2] = AddProduct(ai, b._u2, row[2], ref carry);
            row[3] = AddProduct(ai, b._u3, row[3], ref carry);
            row[Limbs] = carry;
        }
    }

    /// <inheritdoc/>
    public int CompareTo(UInt256 other) => Compare(this, other);

    /// <inheritdoc/>
    public bool Equals(UInt256 other) => _u0 == other._u0 && _u1 == other._u1 && _u2 == other._u2 && _u3 == other._u3;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is UInt256 other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_u0, _u1, _u2, _u3);

    /// <inheritdoc/>
    public override string ToString() => ToBigInteger().ToString();

    /// <summary>The same integer.</summary>
    public BigInteger ToBigInteger() => ((((new BigInteger(_u3) << 64) + _u2 << 64) + _u1) << 64) + _u0;

    // The four limbs lie one behind the other.
    internal ulong Limb(int index) => Unsafe.Add(ref Unsafe.AsRef(in _u0), index);

    private static int Compare(in UInt256 left, in UInt256 right) =>
        left._u3 != right._u3 ? left._u3.CompareTo(right._u3)
        : left._u2 != right._u2 ? left._u2.CompareTo(right._u2)
        : left._u1 != right._u1 ? left._u1.CompareTo(right._u1)
        : left._u0.CompareTo(right._u0);

    private static UInt256 MulDiv(in UInt256 a, in UInt256 b, in UInt256 d, out bool exact)
    {
        Span<ulong> product = stackalloc ulong[2 * Limbs];
        Multiply(a, b, product);
        return Divide(product, d, out exact);
    }

    private static UInt256 Divide(Span<ulong> dividend, in UInt256 divisor, out bool exact)
    {
        if (divisor.IsZero)
            throw new OverflowException("a division by 0");
        Span<ulong> quotient = stackalloc ulong[2 * Limbs];
        exact = Wide.Divide(dividend, divisor, quotient);
        if ((quotient[4] | quotient[5] | quotient[6] | quotient[7]) != 0)
            throw new OverflowException("a quotient passes 256 bits");
        return FromLimbs(quotient);
    }

    private static UInt256 MulShift(in UInt256 a, in UInt256 b, int shift, out bool exact)
    {
        // Zeros above the product, so that every shift finds the limbs that it takes.
        Span<ulong> product = stackalloc ulong[3 * Limbs + 1];
        Multiply(a, b, product[..(2 * Limbs)]);
        var words = shift >> 6;
        var bits = shift & 63;
        exact = (product[words] & ((1UL << bits) - 1)) == 0;
        for (var i = 0; i < words; i++)
            exact &= product[i] == 0;
        var over = product[words + Limbs] >> bits;
        for (var i = words + Limbs + 1; i < 2 * Limbs; i++)
            over |= product[i];
        if (over != 0)
            throw new OverflowException("a product passes 256 bits");
        var taken = product.Slice(words, Limbs + 1);
        return new UInt256(
            Below(taken[1], taken[0], bits), Below(taken[2], taken[1], bits), Below(taken[3], taken[2], bits), Below(taken[4], taken[3], bits));
    }

    /// <summary>The upper limb of two that are shifted left by 0 to 63 bits.</summary>
    internal static ulong Above(ulong high, ulong low, int bits) => (high << bits) | (low >> 1 >> (63 - bits));

    /// <summary>The lower limb of two that are shifted right by 0 to 63 bits.</summary>
    private static ulong Below(ulong high, ulong low, int bits) => (low >> bits) | (high << 1 << (63 - bits));

    private static ulong AddProduct(ulong a, ulong b, ulong addend, ref ulong carry)
    {
        var high = Math.BigMul(a, b, out var low);
        low += carry;
        high += low < carry ? 1UL : 0;
        var sum = addend + low;
        carry = high + (sum < low ? 1UL : 0);
        return sum;
    }

    private static void ShiftLeft(in UInt256 value, int shift, Span<ulong> limbs)
    {
        if (value.BitLength + shift > 512)
            throw new OverflowException("a shift passes 512 bits");
        limbs.Clear();
        var words = shift >> 6;
        var bits = shift & 63;
        for (var i = 0; i < Limbs && i + words < limbs.Length; i++)
        {
            limbs[i + words] |= value.Limb(i) << bits;
            if (bits != 0 && i + words + 1 < limbs.Length)
                limbs[i + words + 1] = value.Limb(i) >> (64 - bits);
        }
    }

    private static UInt256 AddWrapping(in UInt256 left, in UInt256 right, out ulong carry)
    {
        var u0 = left._u0 + right._u0;
        carry = u0 < left._u0 ? 1UL : 0;
        var u1 = AddLimb(left._u1, right._u1, ref carry);
        var u2 = AddLimb(left._u2, right._u2, ref carry);
        var u3 = AddLimb(left._u3, right._u3, ref carry);
        return new UInt256(u0, u1, u2, u3);
    }

    private static ulong AddLimb(ulong left, ulong right, ref ulong carry)
    {
        var sum = left + right;
        var over = sum < left ? 1UL : 0;
        var total = sum + carry;
        carry = over | (total < sum ? 1UL : 0);
        return total;
    }

    private static ulong SubtractLimb(ulong left, ulong right, ref ulong borrow)
    {
        var difference = left - right;
        var under = left < right ? 1UL : 0;
        var total = difference - borrow;
        borrow = under | (difference < borrow ? 1UL : 0);
        return total;
    }

    private static UInt256 FromLimbs(ReadOnlySpan<ulong> limbs) => new(limbs[0], limbs[1], limbs[2], limbs[3]);
}
