using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Markets.Quotes;
using QTrade.Messages;
using QTrade.Messages.Execution;
using Leg = QTrade.Messages.Routing.Leg;

namespace QTrade.Trading.Execution;

/// <summary>Quotes a sequence of legs exactly, what one receives fed into the next (law 5).</summary>
internal static class LegQuotes
{
    /// <summary>
    /// Quotes the legs and leaves the pools as they would be after them. The first tenders what is planned. A later one tenders what is planned
    /// or all that the one before received, if that is less.
    /// </summary>
    /// <param name="legs">The legs; each takes the token that the one before receives.</param>
    /// <param name="passOn">Whether a leg that was planned to take all that the one before receives takes all it received if that is more.</param>
    /// <param name="pools">The pools; changed.</param>
    /// <param name="units">What amounts count.</param>
    /// <param name="settled">The legs in exact amounts.</param>
    public static Rejection? Quote(
        ImmutableArray<Leg> legs, bool passOn, PoolOverlay pools, AmountUnit units, out ImmutableArray<SettledLeg> settled)
    {
        var quoted = ImmutableArray.CreateBuilder<SettledLeg>(legs.Length);
        settled = [];
        for (var i = 0; i < legs.Length; i++)
        {
            var leg = legs[i];
            var tender = i == 0 ? leg.Tender
                : passOn && leg.Tender >= legs[i - 1].Receive ? quoted[i - 1].Receive
                : Math.Min(leg.Tender, quoted[i - 1].Receive);
            if (Quote(leg, tender, pools, units) is var (swap, rejection) && rejection is not null)
                return rejection;
            quoted.Add(swap!);
        }

        settled = quoted.MoveToImmutable();
        return null;
    }

    private static (SettledLeg? Swap, Rejection? Rejection) Quote(Leg leg, double tender, PoolOverlay pools, AmountUnit units)
    {
        if (!pools.TryPool(leg.PoolId, out var pool, out var at))
            return (null, new Rejection(ReasonCode.UnknownPool, $"pool '{leg.PoolId}' is unknown, retired or was never observed"));
        if (!pools.TryToken(leg.TokenIn, out var tokenIn) || !pools.TryToken(leg.TokenOut, out var tokenOut))
            return (null, new Rejection(ReasonCode.UnknownToken, $"a token of pool '{leg.PoolId}' is not registered"));
        var error = ExactSwap.Quote(
            pool,
            pool.Tokens.IndexOf(leg.TokenIn),
            pool.Tokens.IndexOf(leg.TokenOut),
            tender,
            leg.Receive,
            AmountGrid.Of(units, tokenIn),
            AmountGrid.Of(units, tokenOut),
            out var quote);
        if (error != QuoteError.None)
            return (null, new Rejection(ReasonCode.QuoteFailed, $"pool '{leg.PoolId}' gives no quote for {tender} {leg.TokenIn}: {error}"));
        pools.Set(pool with { Curve = quote.After, Venue = quote.VenueAfter }, at);
        return (new SettledLeg(leg.PoolId, leg.TokenIn, leg.TokenOut, quote.TenderIn, quote.ReceiveOut, at), null);
    }
}
