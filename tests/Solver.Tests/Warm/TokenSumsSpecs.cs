using QTrade.Solver.Arithmetic;
using QTrade.Solver.Warm;

namespace QTrade.Solver.Tests.Warm;

/// <summary>A session's sums per token are functions of the leaves alone, whatever changed in which order, and lose no digit where flows cancel.</summary>
public sealed class TokenSumsSpecs
{
    /// <summary>Leaves per token, with ends of blocks and of levels among them.</summary>
    private static readonly int[] Degrees = [0, 1, 3, 8, 9, 0, 64, 65, 200, 513, 7];

    [Fact]
    public void Changed_leaves_give_the_bits_of_sums_anew()
    {
        var random = new Random(5);
        var sums = new TokenSums();
        foreach (int[] before in (int[][])[[2000, 3], [1], Degrees])
        {
            int[] starts = Firsts(before);
            sums.Begin(starts, before.Length);
            for (int j = 0; j < before.Length; j++)
            {
                for (int leaf = starts[j]; leaf < starts[j + 1]; leaf++)
                    Set(sums, j, leaf, random.NextDouble(), random.NextDouble(), random.NextDouble());
            }

            sums.Update();
        }

        int[] first = Firsts(Degrees);
        double[] flow = new double[first[^1]], weight = new double[first[^1]], kept = new double[first[^1]];
        sums.Begin(first, Degrees.Length);
        for (int round = 0; round < 12; round++)
        {
            for (int j = 0; j < Degrees.Length; j++)
            {
                for (int leaf = first[j]; leaf < first[j + 1]; leaf++)
                {
                    if (round > 0 && random.Next(Degrees[j]) >= round)
                        continue;
                    (flow[leaf], weight[leaf], kept[leaf]) = (random.NextDouble() - 0.5, random.NextDouble(), random.NextDouble() - 0.5);
                    Set(sums, j, leaf, flow[leaf], weight[leaf], kept[leaf]);
                }
            }

            sums.Update();
            var anew = new TokenSums();
            anew.Begin(first, Degrees.Length);
            for (int j = 0; j < Degrees.Length; j++)
            {
                for (int leaf = first[j]; leaf < first[j + 1]; leaf++)
                    anew.Set(leaf, flow[leaf], weight[leaf], kept[leaf]);
            }

            Assert.Equal(Enumerable.Range(0, Degrees.Length).Where(j => Degrees[j] > 0), anew.UpdateAll().ToArray());
            for (int j = 0; j < Degrees.Length; j++)
            {
                if (Degrees[j] == 0)
                    continue;
                TokenSums.Node sum = sums.Of(j), expected = anew.Of(j);
                Assert.Equal(expected, sum);
                Assert.Equal(kept[first[j]..first[j + 1]].Sum(Math.Abs), sum.Gross, 1e-12);
                Assert.Equal(weight[first[j]..first[j + 1]].Sum(), sum.Weight, 1e-12);
                Assert.Equal(flow[first[j]..first[j + 1]].Sum(), sum.Flow, 1e-12);
            }
        }
    }

    [Fact]
    public void Flows_that_all_but_cancel_are_summed_to_their_last_digits()
    {
        var random = new Random(6);
        int[] first = Firsts(Degrees);
        var sums = new TokenSums();
        sums.Begin(first, Degrees.Length);
        DoubleDouble[] exact = new DoubleDouble[Degrees.Length];
        for (int j = 0; j < Degrees.Length; j++)
        {
            for (int leaf = first[j]; leaf < first[j + 1]; leaf++)
            {
                double kept = leaf < first[j + 1] - 1 ? 1e9 * (random.NextDouble() - 0.5) : 1e-3 - exact[j].Nearest();
                exact[j] += kept;
                Set(sums, j, leaf, 0, 0, kept);
            }
        }

        sums.Update();
        for (int j = 0; j < Degrees.Length; j++)
        {
            if (Degrees[j] > 0)
                Assert.Equal(exact[j].Nearest(), sums.Of(j).BalanceHigh + sums.Of(j).BalanceLow, 1e-15 * Math.Abs(exact[j].Nearest()));
        }
    }

    private static void Set(TokenSums sums, int token, int leaf, double flow, double weight, double kept)
    {
        sums.Set(leaf, flow, weight, kept);
        sums.Enter(token, leaf);
    }

    private static int[] Firsts(int[] degrees)
    {
        int[] first = new int[degrees.Length + 1];
        for (int j = 0; j < degrees.Length; j++)
            first[j + 1] = first[j] + degrees[j];
        return first;
    }
}
