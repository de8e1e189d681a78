using QTrade.Solver.Arithmetic;

namespace QTrade.Solver.Tests.Arithmetic;

/// <summary>Rows in lanes do what one number after the other does.</summary>
public sealed class LaneRowsSpecs
{
    [Fact]
    public void The_next_number_above_a_bound_is_found_wherever_it_lies()
    {
        var random = new Random(4);
        double[] candidates = [0, 1, 2, -3, double.NaN, double.PositiveInfinity, double.NegativeInfinity];
        for (int length = 0; length < 70; length++)
        {
            // Mostly numbers that are not above, so that whole lanes are passed over.
            double[] numbers = [.. Enumerable.Range(0, length).Select(_ => random.Next(6) == 0 ? candidates[random.Next(candidates.Length)] : -1)];
            foreach (double least in (double[])[-2, 0, 1.5, double.MaxValue, double.PositiveInfinity])
            {
                for (int from = 0; from <= length; from++)
                {
                    int expected = from;
                    while (expected < length && !(numbers[expected] > least))
                        expected++;
                    Assert.Equal(expected, LaneRows.NextAbove(numbers, from, least));
                }
            }
        }
    }

    [Fact]
    public void The_greatest_number_is_found_wherever_it_lies()
    {
        var random = new Random(5);
        for (int length = 0; length < 70; length++)
        {
            double[] numbers = [.. Enumerable.Range(0, length).Select(_ => random.NextDouble())];
            Assert.Equal(length == 0 ? 0 : numbers.Max(), LaneRows.Greatest(numbers));
            for (int at = 0; at < length; at++)
            {
                double was = numbers[at];
                foreach (double great in (double[])[2, double.PositiveInfinity, double.NaN])
                {
                    numbers[at] = great;
                    Assert.Equal(great, LaneRows.Greatest(numbers));
                }

                numbers[at] = was;
            }
        }
    }
}
