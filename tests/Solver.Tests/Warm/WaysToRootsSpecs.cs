using QTrade.Solver.Pools;
using QTrade.Solver.Warm;

namespace QTrade.Solver.Tests.Warm;

/// <summary>Ways to tokens that can take a surplus are those of least resistance, and with few looks still ways, nine in ten of them as good.</summary>
public sealed class WaysToRootsSpecs
{
    /// <summary>Where looks reach everywhere: with a hub of many pools, and without.</summary>
    [Theory]
    [InlineData(8, 14, 0)]
    [InlineData(9, 20, 40)]
    [InlineData(14, 10, 70)]
    public void The_first_pool_of_a_way_begins_a_cheapest_one(int tokens, int pools, int ofHub)
    {
        int found = 0, none = 0, asGood = 0;
        for (int seed = 0; seed < 60; seed++)
        {
            MarketState state = Market(seed, tokens, pools, ofHub);
            foreach (double worth in (double[])[1e-6, 3])
            {
                foreach (bool brings in (bool[])[false, true])
                {
                    double[] least = Resistances(state, brings, worth);
                    foreach (int j in Enumerable.Range(0, tokens).Where(j => !state.IsRoot(j)))
                    {
                        var ways = new WaysToRoots(state, int.MaxValue);
                        ways.Begin();
                        int p = ways.FirstOf(j, brings, worth, double.PositiveInfinity);
                        string way = $"seed {seed}, token {j}, brings {brings}, worth {worth}: pool {p}";
                        if (p < 0)
                        {
                            none++;
                            Assert.True(double.IsPositiveInfinity(least[j]), way);
                            continue;
                        }

                        found++;
                        Assert.True(state.CanPass(in state.Pools[p], j, brings, worth), way);
                        Assert.True(Through(state, least, p, j) <= least[j] * (1 + 1e-12), way);
                        Assert.Equal(p, ways.FirstOf(j, brings, worth, double.PositiveInfinity));
                        ways.Begin();
                        Assert.Equal(-1, ways.FirstOf(j, brings, worth, least[j] * (1 - 1e-12)));
                        var few = new WaysToRoots(state);
                        few.Begin();
                        int q = few.FirstOf(j, brings, worth, double.PositiveInfinity);
                        Assert.True(q >= 0 && double.IsFinite(Through(state, least, q, j)), $"{way}, with few looks {q}");
                        asGood += Through(state, least, q, j) <= least[j] * (1 + 1e-12) ? 1 : 0;
                    }
                }
            }
        }

        Assert.True(found > 500 && none > 50, $"{found} found, {none} without a way: too few to tell");
        Assert.InRange(asGood, 0.9 * found, found);
    }

    /// <summary>Two tokens that passed it to each other would do so until the flows of all had to be cut.</summary>
    [Fact]
    public void A_way_that_was_found_is_not_gone_where_it_leads_nowhere_any_more()
    {
        RoutingPool[] pools = [new ProductPool([2, 1], [100, 110], 0.003), new ProductPool([1, 0], [100, 110], 0.003), new ProductPool([3, 0], [100, 110], 0.003)];
        MarketState state = Laid(pools, [1, 0.9, 0.9, 0.9], [1, 1, 1, 1]);
        for (int p = 0; p < pools.Length; p++)
            state.Start(p, state.Pools[p].Leg, state.Pools[p].Tender);
        state.Commit();
        var ways = new WaysToRoots(state);
        ways.Begin();
        Assert.Equal(0, ways.FirstOf(2, brings: true, 1e-6, double.PositiveInfinity));

        state.Keep(1, -1, 0);
        Assert.Equal(-1, ways.FirstOf(1, brings: true, 1e-6, double.PositiveInfinity));
        Assert.Equal(-1, ways.FirstOf(2, brings: true, 1e-6, double.PositiveInfinity));
    }

    /// <summary>What the cheapest way from each token costs, by relaxing all pools until nothing changes (Bellman, Ford).</summary>
    private static double[] Resistances(MarketState state, bool brings, double worth)
    {
        double[] least = new double[state.TokenCount];
        Array.Fill(least, double.PositiveInfinity);
        for (bool changed = true; changed;)
        {
            changed = false;
            for (int p = 0; p < state.Pools.Count; p++)
            {
                foreach (int at in (int[])[state.Pools[p].First, state.Pools[p].Second])
                {
                    double through = state.CanPass(in state.Pools[p], at, brings, worth) ? Through(state, least, p, at) : double.PositiveInfinity;
                    if (through >= least[at])
                        continue;
                    least[at] = through;
                    changed = true;
                }
            }
        }

        return least;
    }

    private static double Through(MarketState state, double[] least, int p, int at)
    {
        int other = state.Pools[p].Other(at);
        return (1 / state.Pools[p].Weight) + (state.IsRoot(other) ? 0 : least[other]);
    }

    /// <summary>Pools at prices at which some trade, with kept flows near the best ones; every third token rests at its value.</summary>
    private static MarketState Market(int seed, int tokens, int poolCount, int ofHub)
    {
        var random = new Random(seed);
        var pools = new RoutingPool[poolCount + ofHub];
        for (int p = 0; p < pools.Length; p++)
        {
            int first = p < ofHub ? 0 : random.Next(tokens), second = (first + 1 + random.Next(tokens - 1)) % tokens;
            double depth = 1 + (1000 * random.NextDouble() * random.NextDouble());
            pools[p] = new ProductPool([first, second], [depth, depth * (0.98 + (0.04 * random.NextDouble()))], 0.003);
        }

        double[] values = new double[tokens], prices = new double[tokens];
        for (int j = 0; j < tokens; j++)
        {
            values[j] = j % 3 == 0 ? 1 : 0.9;
            prices[j] = j % 3 == 0 ? 1 : 0.99 + (0.02 * random.NextDouble());
        }

        MarketState state = Laid(pools, values, prices);
        for (int p = 0; p < pools.Length; p++)
            state.Start(p, state.Pools[p].Leg, state.Pools[p].Tender * (0.9 + (0.2 * random.NextDouble())));
        state.Commit();
        return state;
    }

    private static MarketState Laid(RoutingPool[] pools, double[] values, double[] prices)
    {
        var state = new MarketState();
        state.Pools.Begin(pools.Length);
        for (int p = 0; p < pools.Length; p++)
            Assert.True(state.Pools.TryTake(p, pools[p], true, true));
        state.Lay(new([.. values], [.. new double[values.Length]], [.. pools]));
        state.EvaluateAll(prices);
        return state;
    }
}
