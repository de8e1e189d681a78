using QTrade.Markets.Kinds;
using QTrade.Markets.Venues;

namespace QTrade.Markets.Quotes;

/// <summary>Legs through pools of known venues: amounts are base units, and the venue's integers decide.</summary>
internal static class VenueQuotes
{
    private const double AmountMax = 9_223_372_036_854_775_808.0;

    public static QuoteError ExactIn(PoolKind kind, in Leg leg, double amountIn, out Quote quote)
    {
        quote = default;
        var tender = Math.Ceiling(amountIn);
        if (tender >= AmountMax)
            return QuoteError.OutOfRange;
        if (PoolQuotes.PassesBound(leg.Pool, leg.TokenIn, tender))
            return QuoteError.TradingBound;
        var refusal = leg.Pool.Venue!.ExactIn(leg.TokenIn == 0, (ulong)tender, out var fill);
        return refusal == VenueRefusal.None ? Settle(kind, leg, fill, out quote) : Error(refusal);
    }

    public static QuoteError ExactOut(PoolKind kind, in Leg leg, double amountOut, out Quote quote)
    {
        quote = default;
        var receive = Math.Ceiling(amountOut);
        if (receive >= AmountMax)
            return QuoteError.OutOfRange;
        var refusal = leg.Pool.Venue!.ExactOut(leg.TokenIn == 0, (ulong)receive, out var fill);
        if (refusal != VenueRefusal.None)
            return Error(refusal);
        return PoolQuotes.PassesBound(leg.Pool, leg.TokenIn, fill.AmountIn) ? QuoteError.TradingBound : Settle(kind, leg, fill, out quote);
    }

    private static QuoteError Settle(PoolKind kind, in Leg leg, in VenueFill fill, out Quote quote)
    {
        quote = default;
        VenueState after;
        try
        {
            after = leg.Pool.Venue!.After(fill);
        }
        catch (OverflowException)
        {
            return QuoteError.OutOfRange;
        }

        var curve = after.ToCurve();
        var before = PoolQuotes.MarginalPrice(kind, leg, leg.Pool.Curve);
        var (tender, receive) = (Up(fill.AmountIn), Down(fill.AmountOut));
        quote = new Quote(
            tender,
            receive,
            fill.FeeOnOutput ? 0 : fill.Fee,
            (fill.FeeOnOutput ? fill.Fee : 0) + (double)(fill.VaultOut - fill.AmountOut),
            before,
            PoolQuotes.MarginalPrice(kind, leg, curve),
            before > 0 ? Math.Clamp(1 - receive / tender / before, 0, 1) : 0,
            curve,
            after);
        return QuoteError.None;
    }

    private static QuoteError Error(VenueRefusal refusal) => refusal switch
    {
        VenueRefusal.ZeroAmount => QuoteError.InvalidAmount,
        VenueRefusal.Overflow => QuoteError.OutOfRange,
        _ => QuoteError.InsufficientLiquidity,
    };

    // Past 2^53 not every integer is a double: against us.
    private static double Up(ulong amount)
    {
        double nearest = amount;
        return nearest < AmountMax && (ulong)nearest < amount ? Math.BitIncrement(nearest) : nearest;
    }

    private static double Down(ulong amount)
    {
        double nearest = amount;
        return nearest >= AmountMax || (ulong)nearest > amount ? Math.BitDecrement(nearest) : nearest;
    }
}
