namespace QTrade.Markets.Arithmetic;

/// <summary>Division of 512 bits by 256 in 64-bit limbs, the lowest first.</summary>
internal static class Wide
{
    private const int DividendLimbs = 8;
    private const int DivisorLimbsMax = 4;

    /// <summary>
    /// quotient = floor(dividend / divisor), 8 limbs each; whether nothing remains. Knuth, TAOCP 2, 4.3.1, algorithm D, with the
    /// quotient digits from a reciprocal (Moller and Granlund 2011, Improved division by invariant integers, algorithm 4).
    /// The dividend is overwritten.
    /// </summary>
    public static bool Divide(Span<ulong> dividend, in UInt256 divisor, Span<ulong> quotient)
    {
        quotient.Clear();
        Span<ulong> v = stackalloc ulong[DivisorLimbsMax];
        var bits = divisor.BitLength;
        var n = (bits + 63) >> 6;
        var shift = (n << 6) - bits;
        for (var i = n - 1; i > 0; i--)
            v[i] = UInt256.Above(divisor.Limb(i), divisor.Limb(i - 1), shift);
        v[0] = divisor.Limb(0) << shift;
        Span<ulong> u = stackalloc ulong[DividendLimbs + 1];
        var top = Normalise(dividend, shift, u);
        var reciprocal = Reciprocal(v[n - 1]);

        // Limbs of the divisor that are 0 at its low end leave the dividend's there as they are.
        var zeros = 0;
        while (v[zeros] == 0)
            zeros++;
        var significant = v[zeros..n];
        for (var j = top - n; j >= 0; j--)
            quotient[j] = Digit(u.Slice(j + zeros, significant.Length + 1), significant, reciprocal);
        ulong rest = 0;
        for (var i = 0; i < n; i++)
            rest |= u[i];
        return rest == 0;
    }

    /// <summary>Compares two numbers of equally many limbs.</summary>
    public static int Compare(ReadOnlySpan<ulong> left, ReadOnlySpan<ulong> right)
    {
        for (var i = left.Length - 1; i >= 0; i--)
        {
            if (left[i] != right[i])
                return left[i].CompareTo(right[i]);
        }

        return 0;
    }

    /// <summary>Shifts the dividend into one limb more; how many of its limbs hold something.</summary>
    private static int Normalise(ReadOnlySpan<ulong> dividend, int shift, Span<ulong> u)
    {
        var top = DividendLimbs;
        while (top > 0 && dividend[top - 1] == 0)
            top--;
        if (top == 0)
            return 0;
        u[top] = UInt256.Above(0, dividend[top - 1], shift);
        for (var i = top - 1; i > 0; i--)
            u[i] = UInt256.Above(dividend[i], dividend[i - 1], shift);
        u[0] = dividend[0] << shift;
        return top;
    }

    /// <summary>One quotient digit: u holds n + 1 limbs and loses digit times v.</summary>
    private static ulong Digit(Span<ulong> u, ReadOnlySpan<ulong> v, ulong reciprocal)
    {
        var n = v.Length;
        var (digit, remainder, fits) = Estimate(u[n], u[n - 1], v[n - 1], reciprocal);
        while (n >= 2 && fits)
        {
            var high = Math.BigMul(digit, v[n - 2], out var low);
            if (high < remainder || (high == remainder && low <= u[n - 2]))
                break;
            digit--;
            remainder += v[n - 1];
            fits = remainder >= v[n - 1];
        }

        if (Subtract(u, v, digit))
        {
            digit--;
            AddBack(u, v);
        }

        return digit;
    }

    /// <summary>floor((high, low) / d) capped at 2^64 - 1, what remains, and whether that fits 64 bits.</summary>
    private static (ulong Digit, ulong Remainder, bool Fits) Estimate(ulong high, ulong low, ulong d, ulong reciprocal)
    {
        if (high >= d)
        {
            var rest = low + d;
            return (ulong.MaxValue, rest, rest >= d);
        }

        var q1 = Math.BigMul(reciprocal, high, out var q0);
        q0 += low;
        q1 += high + (q0 < low ? 1UL : 0) + 1;
        var r = low - q1 * d;
        if (r > q0)
        {
            q1--;
            r += d;
        }

        if (r >= d)
        {
            q1++;
            r -= d;
        }

        return (q1, r, true);
    }

    private static bool Subtract(Span<ulong> u, ReadOnlySpan<ulong> v, ulong digit)
    {
        ulong carry = 0;
        for (var i = 0; i < v.Length; i++)
        {
            var high = Math.BigMul(digit, v[i], out var low);
            low += carry;
            high += low < carry ? 1UL : 0;
            high += u[i] < low ? 1UL : 0;
            u[i] -= low;
            carry = high;
        }

        var under = u[v.Length] < carry;
        u[v.Length] -= carry;
        return under;
    }

    private static void AddBack(Span<ulong> u, ReadOnlySpan<ulong> v)
    {
        ulong carry = 0;
        for (var i = 0; i < v.Length; i++)
        {
            var sum = u[i] + v[i];
            var over = sum < v[i] ? 1UL : 0;
            u[i] = sum + carry;
            carry = over | (u[i] < sum ? 1UL : 0);
        }

        u[v.Length] += carry;
    }

    /// <summary>
    /// floor((2^128 - 1) / d) - 2^64 for a d whose highest bit is set. From 11 bits by two steps of Newton's method and a last exact one (Moller
    /// and Granlund 2011, algorithm 2): the division of 128 bits that it stands for costs several times as much.
    /// </summary>
    internal static ulong Reciprocal(ulong d)
    {
        var top = (uint)(d >> 55);
        ulong v0 = 0x7FD00 / top;
        var d40 = (d >> 24) + 1;
        var v1 = (v0 << 11) - (v0 * v0 * d40 >> 40) - 1;
        var v2 = (v1 << 13) + (v1 * ((1UL << 60) - v1 * d40) >> 47);
        var odd = d & 1;
        var e = ((v2 >> 1) & (0 - odd)) - v2 * ((d >> 1) + odd);
        var v3 = (v2 << 31) + (Math.BigMul(v2, e, out _) >> 1);
        var high = Math.BigMul(v3, d, out var low);
        return v3 - (high + d + (low + d < low ? 1UL : 0));
    }
}
