using QTrade.Solver.Arithmetic;
using QTrade.Solver.Pools;
using QTrade.Solver.Warm;

namespace QTrade.Solver.Tests.Warm;

/// <summary>Pools that are evaluated four at a time, again and again, do what each does by itself that was never evaluated before, bit for bit.</summary>
public sealed class WarmLanesSpecs
{
    /// <summary>Prices by which pools trade either way, idle, at kinks, far beyond them, up to bounds, of pools of which a leg takes no part, and numbers of pools that are no multiple of four.</summary>
    [Theory]
    [InlineData(4, 0.01)]
    [InlineData(7, 0.5)]
    [InlineData(150, 0.001)]
    [InlineData(333, 0.05)]
    [InlineData(200, 3)]
    [InlineData(64, 30)]
    public void Many_pools_have_the_bits_of_each(int count, double spread)
    {
        var random = new Random(count);
        const int tokens = 9;
        RoutingPool[] pools = [.. Enumerable.Range(0, count).Select(p => Pool(random, p, tokens, spread))];
        MarketState together = Laid(pools, tokens);
        double[] prices = new double[tokens];
        for (int round = 0; round < 40; round++)
        {
            for (int j = 0; j < tokens; j++)
                prices[j] = round == 0 ? 1 : prices[j] * PowerOfTen(spread * (random.NextDouble() - 0.5) * (round % 3));
            together.EvaluateAll(prices);
            MarketState alone = Laid(pools, tokens);
            prices.CopyTo(alone.Price, 0);
            for (int p = 0; p < count; p++)
                alone.Evaluate(p);
            for (int p = 0; p < count; p++)
                AssertSame(together, alone, p, prices);
        }
    }

    [Fact]
    public void Sums_that_are_carried_are_those_of_the_pools()
    {
        var random = new Random(3);
        const int tokens = 5;
        RoutingPool[] pools = [.. Enumerable.Range(0, 90).Select(p => Pool(random, p, tokens, 0.02))];
        MarketState state = Laid(pools, tokens);
        state.EvaluateAll([1, 1, 1, 1, 1]);
        state.Commit();
        for (int round = 0; round < 10; round++)
        {
            for (int j = 0; j < tokens; j++)
                state.Price[j] *= 1 + (0.02 * (random.NextDouble() - 0.5));
            state.KeepsAtOnce = round % 2 == 0;
            for (int p = 0; p < pools.Length; p++)
                state.EvaluateSoon(p);
            state.EvaluateWaiting();
            WarmToken[] carried = [.. state.Tokens];
            int[] evaluatedAlone = state.TouchedPools[..state.TouchedPoolCount];
            Assert.Equal(round % 2 == 0, evaluatedAlone.Length < pools.Length / 2);
            Assert.All(Enumerable.Range(0, pools.Length).Except(evaluatedAlone), p => Assert.True(state.Pools[p].KeepsBest));
            state.Commit();
            for (int j = 0; j < tokens; j++)
            {
                Assert.Equal(state.Tokens[j].Flow, carried[j].Flow, 1e-9 * Math.Abs(carried[j].Gross + 1));
                Assert.Equal(state.Tokens[j].Weight, carried[j].Weight, 1e-9 * state.Tokens[j].Weight);
                Assert.Equal(state.Tokens[j].Balance.Nearest, carried[j].Balance.Nearest, 1e-9 * Math.Abs(carried[j].Gross + 1));
                Assert.Equal(state.Tokens[j].Gross, carried[j].Gross, 1e-9 * (state.Tokens[j].Gross + 1));
            }
        }
    }

    private static MarketState Laid(RoutingPool[] pools, int tokens)
    {
        var state = new MarketState();
        state.Pools.Begin(pools.Length);
        for (int p = 0; p < pools.Length; p++)
            Assert.True(state.Pools.TryTake(p, pools[p], firstUsable: p % 17 != 3, secondUsable: p % 19 != 4));
        state.Lay(new([.. Enumerable.Repeat(1.0, tokens)], [.. new double[tokens]], [.. pools]));
        return state;
    }

    private static RoutingPool Pool(Random random, int p, int tokens, double spread)
    {
        int first = random.Next(tokens), second = (first + 1 + random.Next(tokens - 1)) % tokens;
        double depth = PowerOfTen(random.Next(-3, 9)), tilt = PowerOfTen(spread * (random.NextDouble() - 0.5)), fee = p % 7 == 0 ? 0 : 0.003 * random.NextDouble();
        ReadOnlySpan<double> heavier = random.Next(2) == 0 ? [0.8, 0.2] : [0.2, 0.8];
        return (p % 5) switch
        {
            0 or 1 => new ProductPool([first, second], [depth, p % 7 == 0 ? depth : depth * tilt], fee),
            2 or 3 => new WeightedPool([first, second], [heavier[0] * depth, heavier[1] * depth * (p % 7 == 0 ? 1 : tilt)], [heavier[0], heavier[1]], fee),
            _ when p % 2 == 0 => new ProductPool([first, second], [depth, depth * tilt], fee, 0, [0.01 * depth, 0.01 * depth]),
            _ => new WeightedPool([first, second], [depth, depth * tilt], [0.6, 0.4], fee),
        };
    }

    private static double PowerOfTen(double power) => Elementary.Exp(power * 2.302585092994046);

    private static void AssertSame(MarketState together, MarketState alone, int p, double[] prices)
    {
        ref WarmPool a = ref together.Pools[p], b = ref alone.Pools[p];
        Assert.Equal(b.Leg, a.Leg);
        Same(b.Tender, a.Tender);
        Same(b.Received, a.Received);
        Same(b.FlowFirst, a.FlowFirst);
        Same(b.FlowSecond, a.FlowSecond);
        Same(b.Weight, a.Weight);
        Same(alone.Pools.Value(p, prices[b.First], prices[b.Second]), together.Pools.Value(p, prices[a.First], prices[a.Second]));
        if (b.Leg >= 0)
            Same(alone.Pools.Quote(p, b.Leg, b.Tender), together.Pools.Quote(p, a.Leg, a.Tender));
        Same(alone.EdgeWeights[b.LeafFirst], together.EdgeWeights[a.LeafFirst]);
        Same(alone.EdgeWeights[b.LeafSecond], together.EdgeWeights[a.LeafSecond]);

        void Same(double expected, double actual) =>
            Assert.True(BitConverter.DoubleToInt64Bits(expected) == BitConverter.DoubleToInt64Bits(actual), $"pool {p}: {actual:R} instead of {expected:R}");
    }
}
