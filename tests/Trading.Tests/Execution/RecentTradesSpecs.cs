using QTrade.Messages.Execution;
using QTrade.Messages.Routing;
using QTrade.Trading.Execution;

namespace QTrade.Trading.Tests.Execution;

public sealed class RecentTradesSpecs
{
    [Fact]
    public void A_trade_that_is_remembered_is_not_added_again_and_beyond_what_is_kept_the_oldest_is_forgotten()
    {
        var recent = new RecentTrades(2);
        TradeId[] trades = [.. Enumerable.Range(0, 3).Select(route => TradeId.Of(new SnapshotId(1, 1), route))];

        Assert.True(recent.Add(trades[0]));
        Assert.False(recent.Add(trades[0]));
        Assert.True(recent.Add(trades[1]));
        Assert.False(recent.Add(trades[0]));
        Assert.True(recent.Add(trades[2]));

        Assert.False(recent.Add(trades[1]));
        Assert.True(recent.Add(trades[0]));
    }
}
