using QTrade.Markets;
using QTrade.Solver;
using QTrade.Trading.Problems;

namespace QTrade.Trading.Tests.Problems;

public sealed class MarketStartSpecs
{
    private static readonly Market Market = new()
    {
        Name = "sample",
        Tokens = [Sample.Token("A", 1), Sample.Token("B", 1)],
        Pools = [Sample.Product("b", "A", "B", 100, 100), Sample.Product("d", "A", "B", 100, 120), Sample.Product("e", "A", "B", 90, 100)],
    };

    [Fact]
    public void Trades_go_with_their_pools_and_those_of_pools_that_have_gone_are_left_out()
    {
        SolverStart start = MarketStart.Of(Market, [1, 2], [Trade("a", 1), Trade("b", 2), Trade("c", 3), Trade("e", 4), Trade("f", 5)]);

        Assert.Equal([1, 2], start.Prices.ToArray());
        Assert.Equal([(0, 2.0), (2, 4.0)], start.Trades.Select(trade => (trade.Pool, trade.Tender[0])));
    }

    [Fact]
    public void Trades_of_another_size_than_their_pool_are_left_out()
    {
        SolverStart start = MarketStart.Of(Market, [1, 2], [new(new("b"), [1, 0, 0], [0, 1, 0], 1, 1), new(new("d"), [1, 0], [1], 1, 1)]);

        Assert.Empty(start.Trades);
        Assert.False(start.IsCold);
    }

    [Fact]
    public void Without_prices_there_is_no_start()
    {
        Assert.True(MarketStart.Of(Market, [], [Trade("b", 2)]).IsCold);
        Assert.True(MarketStart.Of(Market, [], []).IsCold);
    }

    private static PoolTrade Trade(string pool, double tender) => new(new(pool), [tender, 0], [0, tender], 1, 1);
}
