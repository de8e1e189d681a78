using QTrade.Markets;
using QTrade.Markets.Quotes;

namespace QTrade.Node.Simulation;

/// <summary>
/// How much moves a pool's price: for every direction the amount that moved the marginal price by <see cref="ProbeMove"/> when the
/// chain began. Found by quoting, so that it holds for every kind of pool, also those that are registered later.
/// </summary>
internal sealed class SwapSizes
{
    /// <summary>Move of the price that a size stands for, as a share of it.</summary>
    public const double ProbeMove = 1e-3;

    private const int QuotesMax = 64;
    private const double StepMax = 1024;

    // Where the price does not move at all (a constant sum), a swap takes this share of the most that the pool takes.
    private const double FlatShare = 0.002;

    private readonly double[] _sizes;
    private readonly int _tokens;

    private SwapSizes(double[] sizes, int tokens) => (_sizes, _tokens) = (sizes, tokens);

    /// <summary>The amount to tender, 0 where nothing comes out of the pool in that direction.</summary>
    public double this[int tokenIn, int tokenOut] => _sizes[(tokenIn * _tokens) + tokenOut];

    /// <param name="pool">The pool as the chain begins.</param>
    /// <param name="venue">Its trading function on the chain's amounts.</param>
    public static SwapSizes Of(Pool pool, SwapVenue venue)
    {
        var tokens = pool.Tokens.Length;
        var sizes = new double[tokens * tokens];
        for (var tokenIn = 0; tokenIn < tokens; tokenIn++)
        {
            for (var tokenOut = 0; tokenOut < tokens; tokenOut++)
            {
                if (tokenIn != tokenOut)
                    sizes[(tokenIn * tokens) + tokenOut] = Find(pool, tokenIn, tokenOut, venue);
            }
        }

        return new SwapSizes(sizes, tokens);
    }

    /// <summary>Narrows an amount down between what moves the price too little and what moves it too far or is refused.</summary>
    private static double Find(Pool pool, int tokenIn, int tokenOut, SwapVenue venue)
    {
        if (PoolQuotes.MarginalPrice(pool, tokenIn, tokenOut) == 0)
            return 0;
        double low = 0, high = double.PositiveInfinity, amount = 1;
        for (var quotes = 0; quotes < QuotesMax; quotes++)
        {
            var error = venue.Quote(pool, tokenIn, tokenOut, amount, out var quote);
            var move = error == QuoteError.None ? SwapVenue.Move(quote) : 0;
            if (move is > ProbeMove / 2 and < ProbeMove * 2)
                return amount;
            if (error is QuoteError.None or QuoteError.InvalidAmount && move < ProbeMove)
                low = amount;
            else
                high = amount;
            if (high - low < 0.01 * low)
                break;
            amount = Next(amount, low, high, move);
        }

        return FlatShare * low;
    }

    private static double Next(double amount, double low, double high, double move)
    {
        var aimed = move > 0 ? amount * Math.Clamp(ProbeMove / move, 1 / StepMax, StepMax) : amount * (amount == low ? StepMax : 1 / StepMax);
        if (aimed > low && aimed < high)
            return aimed;
        return double.IsFinite(high) ? low > 0 ? Math.Sqrt(low) * Math.Sqrt(high) : high / StepMax : amount * StepMax;
    }
}
