namespace QTrade.Solver.Tests;

public sealed class GroundedLaplacianSpecs
{
    [Theory]
    [InlineData(1, 2, 1)]
    [InlineData(2, 12, 20)]
    [InlineData(3, 40, 60)]
    [InlineData(4, 30, 400)]
    [InlineData(5, 200, 260)]
    public void Solves_what_it_factored(int seed, int tokens, int links)
    {
        var random = new Random(seed);
        (int[] from, int[] to) = Links(random, tokens, links);
        var matrix = new GroundedLaplacian();
        matrix.Analyze(tokens, from, to);
        matrix.Clear();
        double[] weight = [.. from.Select(_ => 1.0 / (1L << random.Next(40)))];
        double[] excess = [.. Enumerable.Range(0, tokens).Select(_ => random.NextDouble() * 1e-6)];
        for (int e = 0; e < from.Length; e++)
            matrix.AddWeight(matrix.Slot(from[e], to[e]), weight[e]);
        for (int j = 0; j < tokens; j++)
            matrix.AddExcess(j, excess[j]);
        matrix.Factor();

        double[] right = [.. excess.Select(e => (random.NextDouble() - 0.5) * e)];
        double[] x = [.. right];
        matrix.Solve(x);

        double[] product = [.. x.Select((value, j) => value * excess[j])];
        double[] size = [.. product.Select(Math.Abs)];
        for (int e = 0; e < from.Length; e++)
        {
            double flow = weight[e] * matrix.Difference(from[e], to[e]);
            Assert.Equal(x[from[e]] - x[to[e]], matrix.Difference(from[e], to[e]), 1e-13 * (Math.Abs(x[from[e]]) + Math.Abs(x[to[e]])));
            product[from[e]] += flow;
            product[to[e]] -= flow;
            size[from[e]] += Math.Abs(flow);
            size[to[e]] += Math.Abs(flow);
        }

        for (int j = 0; j < tokens; j++)
            Assert.Equal(right[j], product[j], 1e-9 * (size[j] + Math.Abs(right[j])));
    }

    [Fact]
    public void Differences_keep_digits_that_the_entries_have_lost()
    {
        // Two tokens held together by a weight of 1e14 and lifted to 1e6 by another: their difference is b_0 / 1e14.
        var matrix = new GroundedLaplacian();
        matrix.Analyze(2, [0], [1]);
        matrix.Clear();
        matrix.AddWeight(matrix.Slot(0, 1), 1e14);
        matrix.AddExcess(1, 1);
        matrix.Factor();
        double[] x = [3, 1e6];
        matrix.Solve(x);
        Assert.Equal(3e-14, matrix.Difference(0, 1), 1e-26);
        Assert.Equal(-3e-14, matrix.Difference(1, 0), 1e-26);
    }

    /// <summary>Without hubs eliminating tokens joins nearly all that are left, and the links say little of the time and memory that takes: such a system is not eliminated.</summary>
    [Fact]
    public void A_large_system_without_hubs_is_solved_in_the_time_that_its_links_take()
    {
        const int Tokens = 40_000;
        var random = new Random(6);
        (int[] from, int[] to) = Links(random, Tokens, 3 * Tokens, Tokens);
        var matrix = new GroundedLaplacian();
        matrix.Analyze(Tokens, from, to);
        matrix.Clear();
        double[] weight = [.. from.Select(_ => 1.0 / (1L << random.Next(40)))];
        for (int e = 0; e < from.Length; e++)
            matrix.AddWeight(matrix.SlotOfLink(e), weight[e]);

        // Two tokens are held, as those that rest at their value are: at 3, and where they are.
        double[] right = [.. Enumerable.Range(0, Tokens).Select(_ => random.NextDouble() - 0.5)];
        (right[7], right[8]) = (3e100, 0);
        matrix.AddExcess(7, 1e100);
        matrix.AddExcess(8, 1e100);
        matrix.Factor();
        double[] x = [.. right];
        matrix.Solve(x);
        Assert.Equal(3, x[7]);
        Assert.Equal(0, x[8]);

        double[] missing = [.. right];
        for (int e = 0; e < from.Length; e++)
        {
            double flow = weight[e] * matrix.Difference(from[e], to[e]);
            missing[from[e]] -= flow;
            missing[to[e]] += flow;
        }

        (missing[7], missing[8]) = (0, 0);
        Assert.InRange(missing.Max(Math.Abs), 0, 1e-6);
    }

    /// <summary>A ring is eliminated along itself, and nearly every entry reaches over most of the elimination tree.</summary>
    [Fact]
    public void A_long_ring_is_solved_in_the_time_that_its_links_take()
    {
        const int Tokens = 200_000;
        int[] from = [.. Enumerable.Range(0, Tokens)], to = [.. from.Select(j => (j + 1) % Tokens)];
        var matrix = new GroundedLaplacian();
        matrix.Analyze(Tokens, from, to);
        matrix.Clear();
        for (int e = 0; e < Tokens; e++)
            matrix.AddWeight(matrix.SlotOfLink(e), 2);
        matrix.AddExcess(0, 1e-9);
        matrix.Factor();
        double[] x = new double[Tokens];
        (x[0], x[1]) = (1, 1);
        matrix.Solve(x);

        // All but a part of 1 in Tokens of what enters at 1 leaves over the link to 0; 1e9 is what lifts the whole ring.
        Assert.Equal(2e9, x[0], 1);
        Assert.Equal((1 - (1.0 / Tokens)) / 2, matrix.Difference(1, 0), 1e-11);
        Assert.Equal(1.0 / Tokens / 2, matrix.Difference(Tokens / 2, (Tokens / 2) + 1), 1e-15);
    }

    private static (int[] From, int[] To) Links(Random random, int tokens, int links, int hubs = 3)
    {
        var pairs = new List<(int, int)>();
        for (int j = 1; j < tokens; j++)
            pairs.Add((random.Next(Math.Min(j, hubs)), j));
        while (pairs.Count < links)
        {
            int a = random.Next(tokens), b = random.Next(tokens);
            if (a != b)
                pairs.Add((a, b));
        }

        return ([.. pairs.Select(p => p.Item1)], [.. pairs.Select(p => p.Item2)]);
    }
}
