using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Messages;
using QTrade.Messages.Execution;
using QTrade.Messages.Routing;

namespace QTrade.Trading.Tests.Routing;

internal static class RouterSamples
{
    public static SnapshotSolved Solved(SnapshotId id, ResultStatus status, ImmutableArray<double> prices, params Route[] routes) => new(
        id,
        new MarketResult
        {
            Market = id.ToString(),
            MarketHash = "",
            Solver = "sample 1",
            Status = status,
            Profit = 1,
            UpperBound = 1,
            Gap = 0,
            Prices = prices,
            NetFlow = [],
            Trades = [],
            Iterations = 1,
        },
        [.. routes],
        ReasonCode.None);

    public static Route Route(int index, string pool, double profit = 1, int? chain = null) =>
        new(index, chain ?? index, [new(new(pool), new("A"), new("B"), 1, 2)], profit, 0.1);

    public static TradeOutcome Outcome(SnapshotId id, int route, Ending ending, string pool, ulong slot) => new(
        TradeId.Of(id, route), id, route, ending,
        ending == Ending.Executed ? ReasonCode.None : ReasonCode.PoolMoved, "",
        ending == Ending.Executed ? [new(new(pool), new("A"), new("B"), 1, 2, Sample.At(slot))] : [],
        0, 0, slot, Sample.Noon);
}
