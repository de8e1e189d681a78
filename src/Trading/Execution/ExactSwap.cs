using QTrade.Markets;
using QTrade.Markets.Quotes;

namespace QTrade.Trading.Execution;

/// <summary>One swap, exactly. Planner, executor and paper venue all quote through here.</summary>
internal static class ExactSwap
{
    /// <summary>
    /// What a tender fetches. Where the pool cannot take all of it, because the trade empties the pool and the tender is rounded up to a step,
    /// the planned receive is asked for instead, for no more than that tender.
    /// </summary>
    public static QuoteError Quote(
        Pool pool, int tokenIn, int tokenOut, double tender, double receive, AmountGrid gridIn, AmountGrid gridOut, out Quote quote)
    {
        var error = PoolQuotes.ExactIn(pool, tokenIn, tokenOut, tender, gridIn, gridOut, out quote);
        if (error != QuoteError.InsufficientLiquidity)
            return error;
        var least = gridOut.Down(receive);
        if (!(least > 0) || PoolQuotes.ExactOut(pool, tokenIn, tokenOut, least, gridIn, gridOut, out quote) != QuoteError.None)
            return error;
        return quote.TenderIn <= tender ? QuoteError.None : error;
    }
}
