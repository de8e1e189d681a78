using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Solver;

namespace QTrade.Trading.Problems;

/// <summary>Where the solve of a market begins, from what an earlier decision tells under the market's own names.</summary>
public static class MarketStart
{
    /// <summary>The prices, and the trades of the pools that are still there.</summary>
    /// <param name="market">The market to solve.</param>
    /// <param name="prices">Dual prices, one per token of the market; empty: cold.</param>
    /// <param name="trades">Trades, in the order that the market's pools have or had: one out of that order is passed over.</param>
    public static SolverStart Of(Market market, ImmutableArray<double> prices, ImmutableArray<PoolTrade> trades)
    {
        if (trades.IsDefaultOrEmpty)
            return SolverStart.FromPrices(prices);
        var places = ImmutableArray.CreateBuilder<RoutingTrade>(trades.Length);
        var place = 0;
        foreach (PoolTrade trade in trades)
        {
            // Both in ordinal order of the ids, as cuts are.
            while (place < market.Pools.Length && market.Pools[place].Id.CompareTo(trade.Pool) < 0)
                place++;
            if (place < market.Pools.Length && market.Pools[place].Id == trade.Pool && IsOf(market.Pools[place], trade))
                places.Add(new(place, trade.Tender, trade.Receive, trade.MarginalPriceBefore, trade.MarginalPriceAfter));
        }

        return SolverStart.FromDecision(prices, places.DrainToImmutable());
    }

    private static bool IsOf(Pool pool, PoolTrade trade) => trade.Tender.Length == pool.Tokens.Length && trade.Receive.Length == pool.Tokens.Length;
}
