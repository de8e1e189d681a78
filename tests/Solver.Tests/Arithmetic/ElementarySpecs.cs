using System.Numerics;
using QTrade.Solver.Arithmetic;

namespace QTrade.Solver.Tests.Arithmetic;

public sealed class ElementarySpecs
{
    private const int Points = 4000;
    private const double MostUlps = 2;

    [Fact]
    public void Exp_is_right_to_two_units_in_the_last_place() =>
        Check(Elementary.Exp, Oracle.Exp, seed: 1, draw: random => (random.NextDouble() - 0.5) * 80);

    [Fact]
    public void ExpM1_is_right_to_two_units_in_the_last_place()
    {
        Check(Elementary.ExpM1, Oracle.ExpM1, seed: 2, draw: random => (random.NextDouble() - 0.5) * 40);
        Check(Elementary.ExpM1, Oracle.ExpM1, seed: 3, draw: random => (random.NextDouble() - 0.5) * Scale(random, 30));
    }

    [Fact]
    public void Log_is_right_to_two_units_in_the_last_place()
    {
        Check(Elementary.Log, Oracle.Log, seed: 4, draw: random => (0.5 + random.NextDouble()) / Scale(random, 100));
        Check(Elementary.Log, Oracle.Log, seed: 5, draw: random => 0.7 + (0.7 * random.NextDouble()));
    }

    [Fact]
    public void Log1P_is_right_to_two_units_in_the_last_place()
    {
        Check(Elementary.Log1P, Oracle.Log1P, seed: 6, draw: random => (random.NextDouble() - 0.5) * Scale(random, 30));
        Check(Elementary.Log1P, Oracle.Log1P, seed: 7, draw: random => (random.NextDouble() * 4) - 0.999);
        Check(Elementary.Log1P, Oracle.Log1P, seed: 8, draw: random => random.NextDouble() / Scale(random, 60));
    }

    [Fact]
    public void RootM1_is_right_to_three_units_in_the_last_place()
    {
        var random = new Random(9);
        for (int i = 0; i < Points; i++)
        {
            double x = random.NextDouble() * 1e3 * Scale(random, 60), exact = (DoubleDouble.Sqrt(DoubleDouble.Sum(1, x)) - 1).Nearest();
            Assert.True(Math.Abs(Elementary.RootM1(x) - exact) <= 3 * (Math.BitIncrement(exact) - exact), $"at {x:R}: {Elementary.RootM1(x):R}, not {exact:R}");
        }
    }

    [Fact]
    public void Limits_are_those_of_the_functions()
    {
        Assert.Equal(0, Elementary.Exp(double.NegativeInfinity));
        Assert.Equal(double.PositiveInfinity, Elementary.Exp(710));
        Assert.Equal(1, Elementary.Exp(0));
        Assert.Equal(double.Epsilon, Elementary.Exp(-745));
        Assert.Equal(-1, Elementary.ExpM1(-1000));
        Assert.Equal(double.NegativeInfinity, Elementary.Log(0));
        Assert.Equal(0, Elementary.Log(1));
        Assert.True(double.IsNaN(Elementary.Log(-1)));
        Assert.Equal(double.NegativeInfinity, Elementary.Log1P(-1));
        Assert.True(double.IsNaN(Elementary.Log1P(double.NaN)));
        Assert.Equal(0, Elementary.RootM1(0));
        Assert.Equal(-1, Elementary.RootM1(-1));
        Assert.Equal(double.PositiveInfinity, Elementary.RootM1(double.PositiveInfinity));
        Assert.True(double.IsNaN(Elementary.RootM1(double.NaN)));
    }

    private static double Scale(Random random, int binaryPlaces) => 1.0 / (1L << random.Next(Math.Min(binaryPlaces, 60)));

    private static void Check(Func<double, double> function, Func<BigInteger, BigInteger> oracle, int seed, Func<Random, double> draw)
    {
        var random = new Random(seed);
        for (int i = 0; i < Points; i++)
        {
            double x = draw(random);
            double ulps = Oracle.Ulps(function(x), oracle(Oracle.Fixed(x)));
            Assert.True(Math.Abs(ulps) <= MostUlps, $"seed {seed}: at {x:R} off by {ulps} units in the last place");
        }
    }
}
