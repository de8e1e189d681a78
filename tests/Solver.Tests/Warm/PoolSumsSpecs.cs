using QTrade.Solver.Arithmetic;
using QTrade.Solver.Warm;

namespace QTrade.Solver.Tests.Warm;

/// <summary>A session's sums over its pools are functions of the leaves alone, whatever changed in which order, and lose no digit where parts cancel.</summary>
public sealed class PoolSumsSpecs
{
    public static TheoryData<int> Counts => [1, 7, 8, 9, 63, 64, 65, 513, 1000];

    [Theory]
    [MemberData(nameof(Counts))]
    public void Changed_leaves_give_the_bits_of_sums_anew(int count)
    {
        var random = new Random(count);
        var sums = new PoolSums();
        foreach (int before in (int[])[count * 9, 1, count])
        {
            sums.Begin(before);
            for (int p = 0; p < before; p++)
                sums.Set(p, random.NextDouble(), 1, random.NextDouble(), 1, random.NextDouble(), random.NextDouble());
            sums.UpdateAll();
        }

        double[] bounds = new double[count], received = new double[count], tenders = new double[count], losses = new double[count];
        sums.Begin(count);
        for (int round = 0; round < 12; round++)
        {
            for (int p = 0; p < count; p++)
            {
                if (round > 0 && random.Next(count) >= round)
                    continue;
                (bounds[p], received[p], tenders[p], losses[p]) = (random.NextDouble(), random.NextDouble(), random.NextDouble(), random.NextDouble());
                sums.Set(p, bounds[p], 3.7, received[p], 2.9, tenders[p], losses[p]);
                sums.Enter(p);
            }

            sums.Update();
            var anew = new PoolSums();
            anew.Begin(count);
            for (int p = 0; p < count; p++)
                anew.Set(p, bounds[p], 3.7, received[p], 2.9, tenders[p], losses[p]);
            anew.UpdateAll();
            Assert.Equal(BitConverter.DoubleToInt64Bits(anew.Bound), BitConverter.DoubleToInt64Bits(sums.Bound));
            Assert.Equal(BitConverter.DoubleToInt64Bits(anew.Profit), BitConverter.DoubleToInt64Bits(sums.Profit));
            Assert.Equal(bounds.Sum(), sums.Bound, 1e-13 * count);
            int[] found = new int[count];
            Assert.Equal([.. Enumerable.Range(0, count).Where(p => losses[p] > 0.6)], found[..sums.FindLosses(0.6, found)]);
        }
    }

    [Theory]
    [MemberData(nameof(Counts))]
    public void What_all_but_cancels_is_summed_to_its_last_digits(int count)
    {
        var random = new Random(count);
        var sums = new PoolSums();
        sums.Begin(count);
        DoubleDouble exact = DoubleDouble.Zero;
        for (int p = 0; p < count; p++)
        {
            double received = 1e8 * random.NextDouble(), tender = (1 + 1e-14) * received;
            exact += DoubleDouble.Product(1.1, received) - DoubleDouble.Product(1.1, tender);
            sums.Set(p, 0, 1.1, received, 1.1, tender, 0);
        }

        sums.UpdateAll();
        Assert.Equal(exact.Nearest(), sums.Profit, 1e-15 * Math.Abs(exact.Nearest()));
    }

    [Fact]
    public void An_empty_market_has_no_sums()
    {
        var sums = new PoolSums();
        sums.Begin(0);
        sums.Update();
        Assert.Equal((0, 0, 0), (sums.Bound, sums.Profit, sums.FindLosses(0, [])));
    }
}
