using System.Numerics;
using QTrade.Markets.Arithmetic;

namespace QTrade.Markets.Tests.Arithmetic;

public sealed class FixedLogarithmSpecs
{
    private const int Seed = 13;
    private const int Extra = HighPrecision.Bits - FixedLogarithm.FractionBits;

    // The promise: within 2^-152.
    private static readonly BigInteger Bound = BigInteger.One << 8;

    [Fact]
    public void The_logarithm_lies_on_its_side_within_the_bound()
    {
        foreach (var u in Arguments(95))
        {
            var exact = HighPrecision.Log(HighPrecision.One + (u << Extra));
            InBounds(exact, FixedLogarithm.LogOnePlusDown(UInt256Specs.Of(u)), FixedLogarithm.LogOnePlusUp(UInt256Specs.Of(u)));
        }
    }

    [Fact]
    public void The_exponential_lies_on_its_side_within_the_bound()
    {
        foreach (var t in Arguments(9))
        {
            var exact = HighPrecision.One - HighPrecision.Exp(-(t << Extra));
            InBounds(exact, FixedLogarithm.OneMinusExpDown(UInt256Specs.Of(t)), FixedLogarithm.OneMinusExpUp(UInt256Specs.Of(t)));
        }
    }

    [Fact]
    public void Nothing_is_exactly_nothing()
    {
        Assert.Equal(UInt256.Zero, FixedLogarithm.LogOnePlusDown(UInt256.Zero));
        Assert.Equal(UInt256.Zero, FixedLogarithm.LogOnePlusUp(UInt256.Zero));
        Assert.Equal(UInt256.Zero, FixedLogarithm.OneMinusExpDown(UInt256.Zero));
        Assert.Equal(UInt256.Zero, FixedLogarithm.OneMinusExpUp(UInt256.Zero));
    }

    private static void InBounds(BigInteger exact, UInt256 down, UInt256 up)
    {
        Assert.True(down.ToBigInteger() << Extra <= exact, "the lower bound is above");
        Assert.True(up.ToBigInteger() << Extra >= exact, "the upper bound is below");
        Assert.True(exact - (down.ToBigInteger() << Extra) <= Bound << Extra, "the lower bound is far");
        Assert.True((up.ToBigInteger() << Extra) - exact <= Bound << Extra, "the upper bound is far");
    }

    private static List<BigInteger> Arguments(int integerBits)
    {
        var one = BigInteger.One << FixedLogarithm.FractionBits;
        List<BigInteger> arguments = [0, 1, 2, one / 64, one / 64 - 1, one - 1, one, one + 1, 2 * one, (one << integerBits) - one - 1];
        Random random = new(Seed);
        var bytes = new byte[32];
        for (var i = 0; i < 400; i++)
        {
            random.NextBytes(bytes);
            var bits = random.Next(1, FixedLogarithm.FractionBits + integerBits);
            arguments.Add(new BigInteger(bytes, isUnsigned: true) >> (256 - bits));
        }

        return arguments;
    }
}
