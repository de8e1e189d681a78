using QTrade.Solver.Arithmetic;
using QTrade.Solver.Warm;

namespace QTrade.Solver.Tests.Warm;

/// <summary>The heavy pools of a hub are found as by looking at each.</summary>
public sealed class EdgeWeightsSpecs
{
    [Fact]
    public void Every_edge_heavier_than_asked_for_is_found_whatever_was_set_and_asked_before()
    {
        const int edges = 77;
        var random = new Random(3);
        var weights = new EdgeWeights();
        weights.Begin(200);
        for (int edge = 0; edge < 200; edge++)
            weights.Set(edge, 1e9);
        weights.Begin(edges);
        double[] expected = new double[edges];
        for (int round = 0; round < 2000; round++)
        {
            int set = random.Next(edges);
            expected[set] = Weight();
            weights.Set(set, expected[set]);
            Assert.Equal(expected[set], weights[set]);
            int from = random.Next(edges), end = random.Next(from, edges + 1);
            double least = random.Next(3) == 0 ? 0 : Weight();
            int found = 0;
            for (int edge = weights.Next(from, end, least); edge < end; edge = weights.Next(edge + 1, end, least))
            {
                Assert.True(expected[edge] > least, $"edge {edge} of {from} to {end} weighs {expected[edge]}, asked for more than {least}");
                found++;
            }

            Assert.Equal(expected.AsSpan(from, end - from).ToArray().Count(weight => weight > least), found);
        }

        double Weight() => Elementary.Exp(20 * (random.NextDouble() - 0.5));
    }
}
