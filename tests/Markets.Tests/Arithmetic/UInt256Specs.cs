using System.Numerics;
using QTrade.Markets.Arithmetic;

namespace QTrade.Markets.Tests.Arithmetic;

/// <summary>Every operation agrees with BigInteger on edge numbers and on random ones.</summary>
public sealed class UInt256Specs
{
    private const int Seed = 20261122;

    private static readonly BigInteger Limit = BigInteger.One << 256;

    [Fact]
    public void Sums_and_differences_agree_or_overflow() => ForPairs((a, b) =>
    {
        Agrees(a + b, () => Of(a) + Of(b));
        Agrees(a - b, () => Of(a) - Of(b));
        Assert.Equal(BigInteger.Max(a - b, 0), UInt256.SubtractOrZero(Of(a), Of(b)).ToBigInteger());
    });

    [Fact]
    public void Comparisons_agree() => ForPairs((a, b) =>
    {
        Assert.Equal(a < b, Of(a) < Of(b));
        Assert.Equal(a <= b, Of(a) <= Of(b));
        Assert.Equal(a > b, Of(a) > Of(b));
        Assert.Equal(a >= b, Of(a) >= Of(b));
        Assert.Equal(a == b, Of(a) == Of(b));
        Assert.Equal(a != b, Of(a) != Of(b));
        Assert.Equal(a.CompareTo(b), Of(a).CompareTo(Of(b)));
        Assert.Equal(BigInteger.Min(a, b), UInt256.Min(Of(a), Of(b)).ToBigInteger());
    });

    [Fact]
    public void Shifts_and_bit_counts_agree()
    {
        foreach (var a in Numbers())
        {
            Assert.Equal((int)a.GetBitLength(), Of(a).BitLength);
            Assert.Equal(a.ToString(), Of(a).ToString());
            for (var shift = 0; shift < 256; shift += 1 + shift % 7)
            {
                Assert.Equal(a >> shift, (Of(a) >> shift).ToBigInteger());
                Agrees(a << shift, () => Of(a) << shift);
            }
        }
    }

    [Fact]
    public void Trailing_zeros_are_counted()
    {
        for (var i = 0; i < 256; i++)
            Assert.Equal(i, UInt256.PowerOfTwo(i).TrailingZeros);
        Assert.Equal(256, UInt256.Zero.TrailingZeros);
    }

    [Fact]
    public void Products_over_a_divisor_round_as_named_or_overflow()
    {
        Random random = new(Seed);
        var numbers = Numbers();
        for (var i = 0; i < 60_000; i++)
        {
            var (a, b, d) = (Pick(numbers, random), Pick(numbers, random), Pick(numbers, random));
            if (d.IsZero)
            {
                Assert.Throws<OverflowException>(() => UInt256.MulDivDown(Of(a), Of(b), Of(d)));
                continue;
            }

            Agrees(a * b / d, () => UInt256.MulDivDown(Of(a), Of(b), Of(d)));
            Agrees((a * b + d - 1) / d, () => UInt256.MulDivUp(Of(a), Of(b), Of(d)));
        }
    }

    [Fact]
    public void A_quotient_digit_that_is_first_guessed_too_large_is_put_right()
    {
        // Divisors whose second limb is large make the first guess of algorithm D too large; ones of all ones make it add back.
        Random random = new(Seed + 1);
        for (var i = 0; i < 60_000; i++)
        {
            var d = (BigInteger.One << 255) - 1 - (BigInteger.One << random.Next(1, 250)) * random.Next(2);
            d >>= random.Next(0, 190);
            var q = (BigInteger.One << random.Next(1, 256)) - random.Next(1, 3);
            var product = d * q + d - 1;
            var a = BigInteger.Min(product, Limit - 1);
            var b = BigInteger.One + random.Next(2) * ((BigInteger.One << 64) - 2);
            Agrees(a * b / d, () => UInt256.MulDivDown(Of(a), Of(b), Of(d)));
        }
    }

    [Fact]
    public void Products_over_a_power_of_two_round_as_named_or_overflow()
    {
        Random random = new(Seed + 2);
        var numbers = Numbers();
        for (var i = 0; i < 30_000; i++)
        {
            var (a, b, shift) = (Pick(numbers, random), Pick(numbers, random), random.Next(512));
            Agrees((a * b) >> shift, () => UInt256.MulShiftDown(Of(a), Of(b), shift));
            Agrees(-((-a * b) >> shift), () => UInt256.MulShiftUp(Of(a), Of(b), shift));
        }
    }

    [Fact]
    public void Squares_compare_over_512_bits()
    {
        foreach (var a in Numbers())
        {
            foreach (var n in Numbers())
            {
                if (n.GetBitLength() <= 200)
                    Assert.Equal((a * a).CompareTo(n << 312), UInt256.CompareSquare(Of(a), Of(n), 312));
            }
        }
    }

    internal static UInt256 Of(BigInteger value)
    {
        var low = ulong.MaxValue;
        return new UInt256((ulong)(value & low), (ulong)((value >> 64) & low), (ulong)((value >> 128) & low), (ulong)((value >> 192) & low));
    }

    private static void Agrees(BigInteger expected, Func<UInt256> compute)
    {
        if (expected.Sign >= 0 && expected < Limit)
            Assert.Equal(expected, compute().ToBigInteger());
        else
            Assert.Throws<OverflowException>(() => compute());
    }

    private static void ForPairs(Action<BigInteger, BigInteger> check)
    {
        Random random = new(Seed);
        var numbers = Numbers();
        for (var i = 0; i < 20_000; i++)
            check(Pick(numbers, random), Pick(numbers, random));
    }

    private static BigInteger Pick(List<BigInteger> numbers, Random random) => numbers[random.Next(numbers.Count)];

    private static List<BigInteger> Numbers()
    {
        List<BigInteger> numbers = [0, 1, 2, 3, 10, Limit - 1, Limit - 2];
        for (var limb = 32; limb < 256; limb += 32)
        {
            var power = BigInteger.One << limb;
            numbers.AddRange([power - 2, power - 1, power, power + 1, Limit - power, Limit - power - 1]);
        }

        Random random = new(Seed);
        var bytes = new byte[32];
        for (var i = 0; i < 200; i++)
        {
            random.NextBytes(bytes);
            numbers.Add(new BigInteger(bytes, isUnsigned: true) >> random.Next(256));
        }

        return numbers;
    }
}
