using QTrade.Solver.Arithmetic;
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
    [InlineData(0.8, 0.2)]
    [InlineData(0.2, 0.8)]
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

    /// <summary>What it receives for its tender is what the curve gives for it, and a little more tender would cost what it brings.</summary>
    [Theory]
    [InlineData(0.5, 0.5)]
    [InlineData(0.8, 0.2)]
    [InlineData(0.2, 0.8)]
    [InlineData(0.6, 0.4)]
    public void A_pool_trades_what_is_best_at_the_prices(double first, double second)
    {
        var pool = new WeightedPool([0, 1], [1000, 2000], [first, second], 0.003);
        var pools = new WarmPools();
        pools.Begin(1);
        Assert.True(pools.TryTake(0, pool, true, true));
        for (double price = 1e-6; price < 1e6; price *= 1.37)
        {
            Assert.True(pools.Evaluate(0, 1, price));
            ref WarmPool trading = ref pools[0];
            if (trading.Leg < 0)
                continue;
            Near(pool.Receive(trading.Leg, trading.Tender).Hi, trading.Received, 1e-13);
            pool.Quote(trading.Leg, trading.Tender, out double marginal);
            double paid = trading.Leg == 0 ? 1 : price, got = trading.Leg == 0 ? price : 1;
            Near(paid, marginal * got, 1e-12);

            // The edge's weight is price out times d receive / d log(price): the step's third order stays below.
            const double step = 1e-4;
            double rise = Received(price * Elementary.Exp(step)) - Received(price * Elementary.Exp(-step)), weight = trading.Weight;
            Near(weight, got * Math.Abs(rise) / (2 * step), 1e-6);
        }

        double Received(double price)
        {
            var moved = new WarmPools();
            moved.Begin(1);
            Assert.True(moved.TryTake(0, pool, true, true) && moved.Evaluate(0, 1, price));
            return moved[0].Received;
        }
    }

    /// <summary>Printed trades are quotes: never above what the curve gives, and no more below it than some roundings.</summary>
    [Theory]
    [InlineData(0.5, 0.5, 1234.5, 77.7, 0.003, 0)]
    [InlineData(0.8, 0.2, 1234.5, 77.7, 0.003, 0)]
    [InlineData(0.2, 0.8, 1234.5, 77.7, 0.003, 0.3)]
    [InlineData(0.8, 0.2, 1e-12, 1e20, 0.9999, 0.1)]
    [InlineData(0.8, 0.2, 1e20, 1e-12, 0, 0.0003)]
    [InlineData(0.6, 0.4, 1234.5, 77.7, 0.003, 0)]
    public void A_quote_is_never_above_the_curve(double first, double second, double firstReserve, double secondReserve, double fee, double feeOut)
    {
        var pool = new WeightedPool([0, 1], [firstReserve, secondReserve], [first, second], fee, feeOut);
        var pools = new WarmPools();
        pools.Begin(1);
        Assert.True(pools.TryTake(0, pool, true, true));
        for (double tender = 1e-18; tender < 1e19; tender *= 1.0137)
        {
            for (int leg = 0; leg < 2; leg++)
            {
                double exact = pool.Receive(leg, tender).Hi, quote = pools.Quote(0, leg, tender);
                Assert.True(quote <= exact && (quote >= exact * (1 - 5e-15) || exact < pools[0].Forth.Dust * 2 || exact < pools[0].Back.Dust * 2), $"leg {leg}: {tender:R} is quoted {quote:R}, gives {exact:R}");
            }
        }
    }

    private static void Near(double expected, double actual, double tolerance) => Assert.InRange(actual, expected * (1 - tolerance), expected * (1 + tolerance));
}
