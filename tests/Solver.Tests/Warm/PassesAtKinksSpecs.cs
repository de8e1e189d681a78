using QTrade.Solver.Pools;
using QTrade.Solver.Warm;

namespace QTrade.Solver.Tests.Warm;

/// <summary>
/// A token of no value, priced a hair below where a pool would bring it, is brought what it lacks by that pool; what it has too much of, it gives back, to pools that the token came from.
/// </summary>
public sealed class PassesAtKinksSpecs
{
    private const double Fee = 0.003;

    /// <summary>Over one idle pool and over two, near their kinks by parts of 1e-12 to 1e-6 of the price.</summary>
    [Theory]
    [InlineData(1, 1e-12)]
    [InlineData(1, 1e-6)]
    [InlineData(2, 1e-12)]
    [InlineData(2, 1e-6)]
    public void Idle_pools_near_their_kinks_bring_what_no_trading_pool_does(int hops, double below)
    {
        MarketState state = Short(hops, below);
        double need = -state.Tokens[hops].Balance.Nearest;
        Assert.True(need > 1);
        var ways = new WaysToRoots(state);
        ways.Begin();
        Assert.Equal(-1, ways.FirstOf(hops, true, need * state.Price[hops], double.PositiveInfinity));

        var kinks = new PassesAtKinks(state);
        kinks.Begin();
        Assert.Equal(0, kinks.Find(hops, need, double.PositiveInfinity));
        double worth = need * state.Price[hops], depth = state.Pools[0].Forth.Kink, cost = hops * ((worth * below) + (worth * worth / (2 * depth)));
        Assert.Equal(0, kinks.Find(hops, need, 1.1 * cost));
        Assert.Equal(-1, kinks.Find(hops, need, 0.9 * cost));
        Assert.Equal(0, kinks.Find(hops, need, 1.1 * cost));
        Follow(state, kinks, hops, brings: true);
        for (int j = 1; j <= hops; j++)
            Assert.InRange(state.Tokens[j].Balance.Nearest, 0, 1e-9 * need);
        Assert.Equal(0, state.Pools[0].KeptLeg);
    }

    /// <summary>What came over such a pool goes back the same way first, without a cost, and on over it in the other direction only where it lies near that kink too.</summary>
    [Fact]
    public void A_surplus_goes_back_to_where_it_came_from()
    {
        MarketState state = Short(1, 1e-9);
        state.Keep(0, 0, 60);
        double surplus = state.Tokens[1].Balance.Nearest;
        Assert.InRange(surplus, 1, 50);
        var kinks = new PassesAtKinks(state);
        kinks.Begin();
        Assert.Equal(0, kinks.Find(1, -surplus, 1e-300));
        Follow(state, kinks, 1, brings: false);
        Assert.InRange(state.Tokens[1].Balance.Nearest, -1e-9, 1e-9 * surplus);
        Assert.InRange(state.Pools[0].KeptTender, 1, 59);
        Assert.Equal(-1, kinks.Find(1, -10 * state.Pools[0].KeptReceived, 1e-3));
    }

    private static void Follow(MarketState state, PassesAtKinks kinks, int first, bool brings)
    {
        for (int at = first; at != 0; at = state.Pools[kinks.PoolFrom(at)].Other(at))
        {
            for (int tries = 0; tries < 12 && (brings ? state.Tokens[at].Balance.Nearest < 0 : state.Tokens[at].Balance.Nearest > 1e-12); tries++)
                Assert.True(kinks.Pass(at, -state.Tokens[at].Balance.Nearest + (brings ? 1e-13 : 0)));
        }
    }

    /// <summary>
    /// Token 0 is at its value and there is plenty of it; tokens 1 to <paramref name="hops"/>, of no value, cost a part of <paramref name="below"/> less than at what pools would bring them from the one before; the last of
    /// them is what a pool of great profit tenders.
    /// </summary>
    private static MarketState Short(int hops, double below)
    {
        int last = hops + 1;
        double[] values = new double[last + 1], holdings = new double[last + 1], prices = new double[last + 1];
        (values[0], values[last], prices[0], prices[last], holdings[0]) = (1, 1, 1, 1, 1e4);
        var pools = new RoutingPool[hops + 1];
        for (int j = 1; j <= hops; j++)
        {
            pools[j - 1] = new ProductPool([j - 1, j], [1e6, 1e6], Fee);
            prices[j] = prices[j - 1] / (1 - Fee) * (1 - below);
        }

        pools[hops] = new ProductPool([hops, last], [1000, 1100], Fee);
        var state = new MarketState();
        state.Pools.Begin(pools.Length);
        for (int p = 0; p < pools.Length; p++)
            Assert.True(state.Pools.TryTake(p, pools[p], true, true));
        state.Lay(new([.. values], [.. holdings], [.. pools]));
        state.EvaluateAll(prices);
        for (int p = 0; p < pools.Length; p++)
            state.Start(p, state.Pools[p].Leg, state.Pools[p].Tender);
        state.Commit();
        Assert.Equal(-1, state.Pools[0].Leg);
        Assert.Equal(0, state.Pools[hops].Leg);
        return state;
    }
}
