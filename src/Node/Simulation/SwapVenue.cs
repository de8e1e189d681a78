using QTrade.Markets;
using QTrade.Markets.Quotes;

namespace QTrade.Node.Simulation;

/// <summary>Where simulated swaps settle: the pools' exact trading functions, on the amounts that the market's tokens come in.</summary>
internal sealed class SwapVenue(Market market)
{
    private readonly Dictionary<TokenId, AmountGrid> _grids =
        market.Tokens.ToDictionary(token => token.Id, token => AmountGrid.Of(market.Units, token));

    /// <summary>A token that pools may come to have.</summary>
    public void Know(Token token) => _grids.TryAdd(token.Id, AmountGrid.Of(market.Units, token));

    /// <summary>What a tender fetches; it fetches something.</summary>
    public QuoteError Quote(Pool pool, int tokenIn, int tokenOut, double amountIn, out Quote quote)
    {
        if (!(amountIn > 0 && double.IsFinite(amountIn)))
        {
            quote = default;
            return QuoteError.InvalidAmount;
        }

        var error = PoolQuotes.ExactIn(
            pool, tokenIn, tokenOut, amountIn, _grids[pool.Tokens[tokenIn]], _grids[pool.Tokens[tokenOut]], out quote);
        return error == QuoteError.None && !(quote.ReceiveOut > 0) ? QuoteError.InvalidAmount : error;
    }

    /// <summary>The price of one token in another without fees, from the marginal prices of both directions; false where one gives nothing.</summary>
    public static bool TryPrice(Pool pool, int token0, int token1, out double price)
    {
        var sell = PoolQuotes.MarginalPrice(pool, token0, token1);
        var buy = PoolQuotes.MarginalPrice(pool, token1, token0);
        price = sell > 0 && buy > 0 ? Math.Sqrt(sell / buy) : sell > 0 ? sell : buy > 0 ? 1 / buy : 0;
        return price is > 0 and < double.PositiveInfinity;
    }

    /// <summary>How far a swap moves the marginal price, as a share of it.</summary>
    public static double Move(in Quote quote) =>
        quote.MarginalPriceBefore > 0 ? 1 - (quote.MarginalPriceAfter / quote.MarginalPriceBefore) : 0;
}
