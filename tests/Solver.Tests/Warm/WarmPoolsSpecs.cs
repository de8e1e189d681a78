using QTrade.Solver.Pools;
using QTrade.Solver.Warm;

namespace QTrade.Solver.Tests.Warm;

/// <summary>A session's pools as functions of two prices.</summary>
public sealed class WarmPoolsSpecs
{
    /// <summary>However little of it a trade leaves: what it receives is then all but its whole side, and tells no digit of what is left.</summary>
    [Theory]
    [InlineData(0.5, 0.5)]
    [InlineData(0.9, 0.1)]
    [InlineData(0.1, 0.9)]
    [InlineData(0.999, 0.001)]
    [InlineData(0.6, 0.4)]
    public void A_trading_pool_is_worth_what_it_is_exactly(double first, double second)
    {
        var pool = new WeightedPool([0, 1], [1000, 2000], [first, second], 0.003);
        var pools = new WarmPools();
        pools.Begin(1);
        Assert.True(pools.TryTake(0, pool, true, true));
        for (double price = 1e-20; price < 1e21; price *= 1.37)
        {
            Assert.True(pools.Evaluate(0, 1, price));
            double exact = Certificate.ValueOf(pool, [1, price]).Hi;
            Assert.InRange(pools.Value(0, 1, price), exact, (exact * (1 + 1e-12)) + (1e-14 * price * pools[0].Received));
        }
    }
}
