using System.Numerics;
using QTrade.Markets.Arithmetic;

namespace QTrade.Markets.Tests.Arithmetic;

public sealed class FixedAmountSpecs
{
    private const int Seed = 7;

    [Fact]
    public void A_double_becomes_exactly_what_it_is()
    {
        Random random = new(Seed);
        for (var i = 0; i < 20_000; i++)
        {
            var value = (1 + random.NextDouble()) * Math.ScaleB(1, random.Next(-59, 127));
            var expected = HighPrecision.From(value) >> (HighPrecision.Bits - FixedAmount.FractionBits);
            Assert.Equal(expected, FixedAmount.From(value).ToBigInteger());
            Assert.Equal(value, FixedAmount.ToDoubleDown(FixedAmount.From(value)));
            Assert.Equal(value, FixedAmount.ToDoubleUp(FixedAmount.From(value)));
        }
    }

    [Theory]
    [InlineData(1e-40)]
    [InlineData(1.7976931348623157e308)]
    [InlineData(4e38)]
    [InlineData(5e-324)]
    public void What_has_bits_out_of_range_is_refused(double value) => Assert.Throws<OverflowException>(() => FixedAmount.From(value));

    [Fact]
    public void Rounding_to_doubles_lands_on_the_neighbours()
    {
        Random random = new(Seed);
        var bytes = new byte[32];
        for (var i = 0; i < 20_000; i++)
        {
            random.NextBytes(bytes);
            var amount = new BigInteger(bytes, isUnsigned: true) >> random.Next(16, 255);
            var (down, up) = (FixedAmount.ToDoubleDown(UInt256Specs.Of(amount)), FixedAmount.ToDoubleUp(UInt256Specs.Of(amount)));
            Assert.True(Exactly(down) <= amount && amount <= Exactly(up), $"seed {Seed}, case {i}");
            Assert.True(up == down || up == Math.BitIncrement(down), $"seed {Seed}, case {i}");
            Assert.Equal(Exactly(down) == amount, up == down);
        }
    }

    private static BigInteger Exactly(double value) => HighPrecision.From(value) >> (HighPrecision.Bits - FixedAmount.FractionBits);
}
