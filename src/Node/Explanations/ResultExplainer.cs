using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Markets.Quotes;
using QTrade.Solver;
using QTrade.Trading.Problems;

namespace QTrade.Node.Explanations;

/// <summary>Explains a result from the market, the printed trades and the dual prices alone.</summary>
public static class ResultExplainer
{
    /// <summary>A dual price counts as above the market value from this part on.</summary>
    private const double BindingMargin = 1e-7;

    /// <param name="market">The market.</param>
    /// <param name="result">Its result, with a price per token and trades of this market's pools.</param>
    public static ResultExplanation Explain(Market market, MarketResult result)
    {
        Dictionary<PoolId, Pool> pools = market.Pools.ToDictionary(pool => pool.Id);
        HashSet<TokenId> moving = Moving(result, pools);
        ImmutableArray<double> dual = DualPrices(market, result, pools, moving);
        Dictionary<TokenId, double> prices = market.Tokens.Select((token, i) => (token.Id, dual[i])).ToDictionary();
        double[] gains = [.. result.Trades.Select(trade => Gain(pools[trade.Pool], trade, prices))];
        double all = gains.Sum();
        return new ResultExplanation(
            [.. result.Trades.Select((trade, i) => ExplainTrade(pools[trade.Pool], trade, prices, all > 0 ? gains[i] / all : 0, market.Limits?.CostPerPool ?? 0))],
            ExplainTokens(market, result, dual, moving),
            ExplainIdle(market, result, prices));
    }

    /// <summary>
    /// The prices to explain by. Under limits those of the result bound the part of the search that was the last to close; what the trade is worth is told by those of
    /// routing over just its pools.
    /// </summary>
    private static ImmutableArray<double> DualPrices(Market market, MarketResult result, Dictionary<PoolId, Pool> pools, HashSet<TokenId> moving)
    {
        if (market.Limits is null || result.Trades.IsEmpty)
            return result.Prices;
        Market chosen = market with { Limits = null, Pools = [.. result.Trades.Select(trade => pools[trade.Pool])] };
        MarketResult routed = MarketSolver.Solve(chosen, string.Empty, SolverStart.Cold);
        return [.. market.Tokens.Select((token, i) => moving.Contains(token.Id) ? routed.Prices[i] : result.Prices[i])];
    }

    private static HashSet<TokenId> Moving(MarketResult result, Dictionary<PoolId, Pool> pools)
    {
        HashSet<TokenId> moving = [];
        foreach (PoolTrade trade in result.Trades)
            moving.UnionWith(Amounts(pools[trade.Pool], trade.Tender).Concat(Amounts(pools[trade.Pool], trade.Receive)).Select(amount => amount.Token));
        return moving;
    }

    /// <summary>What the pool gives less what it takes, at dual prices. Below 0 it can be by rounding only.</summary>
    private static double Gain(Pool pool, PoolTrade trade, Dictionary<TokenId, double> prices)
    {
        double gain = 0;
        for (int a = 0; a < pool.Tokens.Length; a++)
            gain += prices[pool.Tokens[a]] * (trade.Receive[a] - trade.Tender[a]);
        return Math.Max(gain, 0);
    }

    private static TradeExplanation ExplainTrade(Pool pool, PoolTrade trade, Dictionary<TokenId, double> prices, double share, double cost)
    {
        (ImmutableArray<TokenAmount> fees, double? impact) = FeeAndImpact(pool, trade);
        return new TradeExplanation(
            pool.Id,
            pool.Curve.Kind,
            Amounts(pool, trade.Tender),
            Amounts(pool, trade.Receive),
            trade.MarginalPriceBefore,
            trade.MarginalPriceAfter,
            fees,
            fees.Sum(fee => fee.Amount * prices[fee.Token]),
            impact,
            share,
            [.. pool.Tokens.Where((_, a) => trade.Tender[a] > 0 && !pool.MaxTender.IsEmpty && trade.Tender[a] >= pool.MaxTender[a] * (1 - BindingMargin))],
            cost);
    }

    /// <summary>One token in and one out is a quote; otherwise the fee is the pool's part of each tender and each receive.</summary>
    private static (ImmutableArray<TokenAmount> Fees, double? Impact) FeeAndImpact(Pool pool, PoolTrade trade)
    {
        int[] given = [.. Enumerable.Range(0, pool.Tokens.Length).Where(a => trade.Tender[a] > 0)];
        int[] taken = [.. Enumerable.Range(0, pool.Tokens.Length).Where(a => trade.Receive[a] > 0)];
        if (given is [int tokenIn] && taken is [int tokenOut]
            && PoolQuotes.ExactIn(pool, tokenIn, tokenOut, trade.Tender[tokenIn], AmountGrid.Doubles, AmountGrid.Doubles, out Quote quote) == QuoteError.None)
            return (Fees((pool.Tokens[tokenIn], quote.FeePaid), (pool.Tokens[tokenOut], quote.FeeOutPaid)), quote.PriceImpact);
        return (Fees(
            [
                .. given.Select(a => (pool.Tokens[a], trade.Tender[a] * pool.FeeOf(a))),
                .. taken.Select(a => (pool.Tokens[a], trade.Receive[a] * pool.FeeOutOf(a) / pool.KeptOutOf(a))),
            ]), null);
    }

    private static ImmutableArray<TokenAmount> Fees(params (TokenId Token, double Amount)[] fees) =>
        [.. fees.Where(fee => fee.Amount > 0).Select(fee => new TokenAmount(fee.Token, fee.Amount))];

    private static ImmutableArray<TokenAmount> Amounts(Pool pool, ImmutableArray<double> amounts) =>
        [.. amounts.Select((amount, a) => new TokenAmount(pool.Tokens[a], amount)).Where(amount => amount.Amount > 0)];

    private static ImmutableArray<TokenExplanation> ExplainTokens(Market market, MarketResult result, ImmutableArray<double> dual, HashSet<TokenId> moving)
    {
        return
        [
            .. market.Tokens.Select((token, i) => new TokenExplanation(
                token.Id,
                dual[i],
                token.Value,
                result.NetFlow[i],
                moving.Contains(token.Id) && dual[i] > token.Value * (1 + BindingMargin),
                moving.Contains(token.Id))),
        ];
    }

    private static ImmutableArray<IdlePoolExplanation> ExplainIdle(Market market, MarketResult result, Dictionary<TokenId, double> prices)
    {
        HashSet<PoolId> trading = [.. result.Trades.Select(trade => trade.Pool)];
        return
        [
            .. market.Pools.Where(pool => !trading.Contains(pool.Id))
                .Select(pool => ExplainIdle(pool, prices))
                .OrderBy(idle => idle.Distance is null ? 2 : idle.Distance < 0 ? 1 : 0)
                .ThenBy(idle => idle.Distance),
        ];
    }

    private static IdlePoolExplanation ExplainIdle(Pool pool, Dictionary<TokenId, double> prices)
    {
        var nearest = new IdlePoolExplanation(pool.Id, null, null, null);
        for (int a = 0; a < pool.Tokens.Length; a++)
            for (int b = 0; b < pool.Tokens.Length; b++)
            {
                double paid = prices[pool.Tokens[a]];
                double price = a == b || paid <= 0 ? 0 : PoolQuotes.MarginalPrice(pool, a, b);
                double distance = 1 - prices[pool.Tokens[b]] * price / paid;
                if (price > 0 && !(distance >= nearest.Distance))
                    nearest = nearest with { TokenIn = pool.Tokens[a], TokenOut = pool.Tokens[b], Distance = distance };
            }

        return nearest;
    }
}
