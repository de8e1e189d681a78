using System.Runtime.Intrinsics;
using QTrade.Solver.Arithmetic;

namespace QTrade.Solver.Tests.Arithmetic;

/// <summary>Four numbers at once have the bits of one by one, at the ends of the ranges too.</summary>
public sealed class LanesSpecs
{
    private static readonly double[] Special =
    [
        0, -0.0, 1, -1, 1e-300, 1e-17, -1e-17, 0.34657359027997264, -0.34657359027997264, 699.9, 700, -700, 709.7, 710, -745, -746, 1e300, 1.1e300, 5e-324,
        double.MaxValue, double.NaN, double.PositiveInfinity, double.NegativeInfinity,
    ];

    [Fact]
    public void Powers_of_all_numbers_are_those_of_each()
    {
        double[] numbers = Numbers(range: 720), powers = new double[numbers.Length];
        Lanes.ExpAll(numbers, powers);
        AssertBits([.. numbers.Select(Elementary.Exp)], powers);
    }

    [Fact]
    public void Logarithms_of_all_numbers_are_those_of_each()
    {
        double[] numbers = [.. Numbers(range: 690).Select(x => double.IsFinite(x) && Math.Abs(x) < 690 ? Elementary.Exp(x) : x)];
        double[] logarithms = [.. numbers];
        Lanes.LogAll(logarithms);
        AssertBits([.. numbers.Select(Elementary.Log)], logarithms);
    }

    /// <summary>Ends of the range and of the part in which the sum is taken as it is, and numbers of all sizes.</summary>
    [Fact]
    public void Logarithms_of_sums_are_those_of_each()
    {
        var random = new Random(8);
        double[] special = [0, 5e-324, 1e-300, 1e-17, 9.9e-17, 1e-16, 1.1e-16, 0.40999999999999998, 0.41, 0.41000000000000003, 0.41421356237309503, 0.41421356237309515, 1, 3, 1e8, Lanes.MostIncrement];
        double[] numbers = [.. special, .. Enumerable.Range(0, 4000).Select(_ => Elementary.Exp((70 * random.NextDouble()) - 36))];
        double[] logarithms = new double[numbers.Length];
        for (int i = 0; i < numbers.Length; i += 4)
            Lanes.Log1P(Vector256.LoadUnsafe(ref numbers[i])).StoreUnsafe(ref logarithms[i]);
        AssertBits([.. numbers.Select(Elementary.Log1P)], logarithms);
    }

    /// <summary>Special numbers among others, at every place of a group of four, and a group that is not full.</summary>
    private static double[] Numbers(double range)
    {
        var random = new Random(7);
        List<double> numbers = [];
        foreach (double special in Special)
        {
            for (int place = 0; place < 5; place++)
                numbers.Add(place == 2 ? special : ((2 * random.NextDouble()) - 1) * range);
        }

        for (int i = 0; i < 4001; i++)
            numbers.Add(((2 * random.NextDouble()) - 1) * (i % 2 == 0 ? range : 1));
        return [.. numbers];
    }

    private static void AssertBits(double[] expected, double[] actual)
    {
        for (int i = 0; i < expected.Length; i++)
            Assert.True(BitConverter.DoubleToInt64Bits(expected[i]) == BitConverter.DoubleToInt64Bits(actual[i]), $"place {i}: {actual[i]:R} instead of {expected[i]:R}");
    }
}
