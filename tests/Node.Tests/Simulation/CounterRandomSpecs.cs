using QTrade.Node.Simulation;

namespace QTrade.Node.Tests.Simulation;

public sealed class CounterRandomSpecs
{
    [Fact]
    public void The_same_counters_give_the_same_bits_for_ever() =>
        Assert.Equal(15020427595393229491UL, CounterRandom.Bits(1, 2, 3));

    [Fact]
    public void Neighbouring_counters_streams_and_seeds_give_unrelated_bits()
    {
        var all = new HashSet<ulong>();
        for (ulong seed = 0; seed < 20; seed++)
        {
            for (ulong stream = 0; stream < 20; stream++)
            {
                for (ulong counter = 0; counter < 20; counter++)
                {
                    all.Add(CounterRandom.Bits(seed, stream, counter));
                }
            }
        }

        Assert.Equal(8000, all.Count);
        var ones = all.Sum(bits => (long)ulong.PopCount(bits));
        Assert.InRange((double)ones / (8000 * 64), 0.497, 0.503);
    }

    [Fact]
    public void Normal_numbers_have_mean_zero_and_deviation_one()
    {
        const int count = 20_000;
        double sum = 0, squares = 0;
        for (ulong counter = 0; counter < count; counter++)
        {
            var value = CounterRandom.Normal(7, 1, counter);
            sum += value;
            squares += value * value;
        }

        Assert.InRange(sum / count, -0.03, 0.03);
        Assert.InRange(squares / count, 0.96, 1.04);
    }

    [Theory]
    [InlineData(0UL, 0)]
    [InlineData(ulong.MaxValue, 9)]
    [InlineData(1UL << 63, 5)]
    public void An_index_covers_its_range_evenly(ulong bits, int expected) =>
        Assert.Equal(expected, CounterRandom.Index(bits, 10));
}
