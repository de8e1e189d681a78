using System.Numerics;
using QTrade.Solver.Arithmetic;

namespace QTrade.Solver.Tests.Arithmetic;

public sealed class DoubleDoubleSpecs
{
    private const int Points = 2000;
    private const double Digits = 1e-28;

    [Fact]
    public void Quotients_and_roots_give_back_what_they_came_from()
    {
        var random = new Random(11);
        for (int i = 0; i < Points; i++)
        {
            DoubleDouble a = DoubleDouble.Sum(random.NextDouble() + 0.1, random.NextDouble() * 1e-17);
            DoubleDouble b = DoubleDouble.Sum((random.NextDouble() + 0.1) * 1000, random.NextDouble() * 1e-14);
            Assert.True(Math.Abs(((a / b * b) - a).Hi) < Digits * 10);
            DoubleDouble root = DoubleDouble.Sqrt(a);
            Assert.True(Math.Abs(((root * root) - a).Hi) < Digits * 10);
        }
    }

    [Fact]
    public void ExpM1_has_twenty_eight_digits() =>
        Check(DoubleDouble.ExpM1, Oracle.ExpM1, 12, random => (random.NextDouble() - 0.5) * 30 / (1L << random.Next(30)));

    [Fact]
    public void Log1P_has_twenty_eight_digits()
    {
        Check(DoubleDouble.Log1P, Oracle.Log1P, 13, random => (random.NextDouble() - 0.5) * 1.9 / (1L << random.Next(30)));
        Check(DoubleDouble.Log1P, Oracle.Log1P, 14, random => random.NextDouble() * (1L << random.Next(40)));
    }

    [Fact]
    public void Logarithm_has_twenty_eight_digits_far_from_one() =>
        Check(DoubleDouble.Log, Oracle.Log, 15, random => (0.1 + random.NextDouble()) / (1L << random.Next(2, 60)));

    [Fact]
    public void Rounding_down_never_goes_up()
    {
        Assert.Equal(Math.BitDecrement(1.0), DoubleDouble.Sum(1, -1e-20).RoundedDown());
        Assert.Equal(1.0, DoubleDouble.Sum(1, 1e-20).RoundedDown());
    }

    private static void Check(Func<DoubleDouble, DoubleDouble> function, Func<BigInteger, BigInteger> oracle, int seed, Func<Random, double> draw)
    {
        var random = new Random(seed);
        for (int i = 0; i < Points; i++)
        {
            double x = draw(random);
            DoubleDouble actual = function(x);
            double off = Oracle.Relative(actual.Hi, actual.Lo, oracle(Oracle.Fixed(x)));
            Assert.True(off < Digits, $"seed {seed}: at {x:R} off by {off}, relative");
        }
    }
}
