using System.Numerics;
using QTrade.Verification.Arithmetic;

namespace QTrade.Verification.Tests.Arithmetic;

public sealed class RealSpecs
{
    private const int Seed = 20261122;

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    [InlineData(-1.5)]
    [InlineData(0.1)]
    [InlineData(double.Epsilon)]
    [InlineData(-double.MaxValue)]
    [InlineData(2.2250738585072014e-308)]
    [InlineData(123456789.123456789)]
    public void A_double_enters_and_leaves_with_the_same_bits(double value) =>
        Assert.Equal(BitConverter.DoubleToInt64Bits(value), BitConverter.DoubleToInt64Bits(Real.From(value).ToDouble()));

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void What_is_not_finite_does_not_enter(double value) => Assert.Throws<ArgumentOutOfRangeException>(() => Real.From(value));

    [Fact]
    public void Sums_products_and_quotients_agree_with_exact_rationals()
    {
        Random random = Seeded.Random(Seed);
        for (int i = 0; i < 3000; i++)
        {
            double a = AnyDouble(random), b = AnyDouble(random);
            Rational ra = Rational.From(a), rb = Rational.From(b);
            AssertClose(ra + rb, Real.From(a) + b, $"{a:R} + {b:R}");
            AssertClose(ra * rb, Real.From(a) * b, $"{a:R} * {b:R}");
            AssertClose(ra / rb, Real.From(a) / b, $"{a:R} / {b:R}");
            Assert.Equal(a.CompareTo(b), Real.From(a).CompareTo(b));
        }
    }

    [Fact]
    public void A_chain_of_operations_stays_within_its_stated_error()
    {
        Random random = Seeded.Random(Seed + 1);
        Real value = 1.0;
        Rational exact = Rational.From(1.0);
        for (int i = 0; i < 60; i++)
        {
            double x = 0.5 + random.NextDouble();
            (value, exact) = (i % 3) switch
            {
                0 => (value * x, exact * Rational.From(x)),
                1 => (value + x, exact + Rational.From(x)),
                _ => (value / x, exact / Rational.From(x)),
            };
        }
        AssertClose(exact, value, "chain", 60);
    }

    [Fact]
    public void A_difference_of_nearly_equal_numbers_is_exact()
    {
        Real a = Real.From(1.0) + Real.From(Math.ScaleB(1.0, -200));
        Assert.Equal(Real.From(Math.ScaleB(1.0, -200)), a - 1.0);
    }

    [Fact]
    public void Square_roots_square_back()
    {
        Random random = Seeded.Random(Seed + 2);
        for (int i = 0; i < 2000; i++)
        {
            Real value = Math.Abs(AnyDouble(random));
            Real root = RealFunctions.Sqrt(value);
            Assert.True(Real.Abs(root * root - value) <= Real.TimesPowerOfTwo(value, -252), value.ToString());
        }
        Assert.Equal(Real.From(3), RealFunctions.Sqrt(9));
        Assert.True(RealFunctions.Sqrt(Real.Zero).IsZero);
    }

    [Fact]
    public void Known_constants_come_out_to_seventy_digits()
    {
        AssertDigits("2.7182818284590452353602874713526624977572470936999595749669676277240766", RealFunctions.Exp(1));
        AssertDigits("0.6931471805599453094172321214581765680755001343602552541206800094933936", RealFunctions.Log(2));
        AssertDigits("2.3025850929940456840179914546843642076011014886287729760333279009675726", RealFunctions.Log(10));
        AssertDigits("1.4142135623730950488016887242096980785696718753769480731766797379907325", RealFunctions.Sqrt(2));
    }

    [Fact]
    public void Exponential_and_logarithm_undo_each_other()
    {
        Random random = Seeded.Random(Seed + 3);
        for (int i = 0; i < 400; i++)
        {
            Real x = (random.NextDouble() - 0.5) * 1400;
            Real back = RealFunctions.Log(RealFunctions.Exp(x));
            Assert.True(Real.Abs(back - x) <= Real.TimesPowerOfTwo(Real.Max(1, Real.Abs(x)), -248), x.ToString());
        }
    }

    [Fact]
    public void Logarithm_of_a_product_is_the_sum_and_exponential_of_a_sum_the_product()
    {
        Random random = Seeded.Random(Seed + 4);
        for (int i = 0; i < 200; i++)
        {
            Real a = 0.01 + random.NextDouble() * 100, b = 0.01 + random.NextDouble() * 100;
            Real difference = RealFunctions.Log(a * b) - RealFunctions.Log(a) - RealFunctions.Log(b);
            Assert.True(Real.Abs(difference) < Real.TimesPowerOfTwo(1, -245), $"{a} {b}");
            Real product = RealFunctions.Exp(a) * RealFunctions.Exp(b);
            Assert.True(Real.Abs(RealFunctions.Exp(a + b) - product) < Real.TimesPowerOfTwo(product, -245), $"{a} {b}");
        }
    }

    [Fact]
    public void A_very_negative_exponent_vanishes_and_tiny_ones_are_one_plus_themselves()
    {
        Assert.True(RealFunctions.Exp(-1e300).IsZero);
        Real tiny = 1e-30;
        Assert.True(Real.Abs(RealFunctions.Exp(tiny) - (Real.One + tiny + tiny * tiny / 2)) < 1e-89 / 2);
    }

    private static double AnyDouble(Random random)
    {
        double value = Math.ScaleB(1 + random.NextDouble(), random.Next(-300, 300));
        return random.Next(2) == 0 ? value : -value;
    }

    /// <summary>|actual - expected| &lt;= operations * 2^-255 |expected|, in integers.</summary>
    private static void AssertClose(Rational expected, Real actual, string what, int operations = 1)
    {
        Rational error = (Rational.From(actual) - expected).Abs();
        Rational allowed = expected.Abs() * new Rational(operations, BigInteger.One << 255);
        Assert.True(error.CompareTo(allowed) <= 0, $"seed {Seed}: {what}");
    }

    private static void AssertDigits(string expected, Real actual)
    {
        string digits = expected.Replace(".", "", StringComparison.Ordinal);
        int decimals = expected.Length - expected.IndexOf('.', StringComparison.Ordinal) - 1;
        var exact = new Rational(BigInteger.Parse(digits), BigInteger.Pow(10, decimals));
        Rational error = (Rational.From(actual) - exact).Abs();
        Assert.True(error.CompareTo(new Rational(1, BigInteger.Pow(10, 69))) <= 0, expected);
    }
}
