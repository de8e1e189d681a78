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
        var n = (divisor.BitLength + 63) >> 6;
        var shift = (n << 6) - divisor.BitLength;
        var normalised = divisor << shift;
        for (var i = 0; i < n; i++)
            v[i] = normalised.Limb(i);
        Span<ulong> u = stackalloc ulong[DividendLimbs + 1];
        var top = Normalise(dividend, shift, u);
        var reciprocal = Reciprocal(v[n - 1]);
        for (var j = top - n; j >= 0; j--)
            quotient[j] = Digit(u.Slice(j, n + 1), v[..n], reciprocal);
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
        for (var i = 0; i < top; i++)
        {
            u[i] |= dividend[i] << shift;
            if (shift != 0)
                u[i + 1] = dividend[i] >> (64 - shift);
        }

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

    /// <summary>floor((2^128 - 1) / d) - 2^64 for a d whose highest bit is set.</summary>
    private static ulong Reciprocal(ulong d) => (ulong)(new UInt128(~d, ulong.MaxValue) / d);
}
