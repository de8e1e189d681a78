using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Messages;
using QTrade.Messages.Execution;
using QTrade.Messages.Routing;

namespace QTrade.Trading.Execution;

/// <summary>Fills intents on paper: the outcome is the fill, so there is no effect without it (law 7).</summary>
public static class PaperVenue
{
    /// <summary>
    /// Settles a durable intent on the pools as they now are, and shows their new state there. Where they moved since the intent, the
    /// fill stands as long as what arrives at the end is no less, or less only by what the profit after costs can bear.
    /// </summary>
    /// <param name="intent">The intent.</param>
    /// <param name="pools">The pools; changed where the intent is filled.</param>
    /// <param name="units">What amounts count.</param>
    /// <param name="newestSlot">Newest slot seen.</param>
    /// <param name="at">The time.</param>
    public static TradeOutcome Settle(TradeIntent intent, PoolOverlay pools, AmountUnit units, ulong newestSlot, DateTimeOffset at)
    {
        if (newestSlot > intent.ExpirySlot)
            return NotFilled(
                intent, Ending.Expired, new Rejection(ReasonCode.Expired, $"slot {newestSlot} was seen, its expiry was {intent.ExpirySlot}"),
                newestSlot, at);
        ImmutableArray<Leg> legs =
            [.. intent.Legs.Select(leg => new Leg(leg.PoolId, leg.TokenIn, leg.TokenOut, leg.Tender, leg.Receive))];
        var attempt = new PoolOverlay(pools);
        if (legs.IsEmpty)
            return NotFilled(intent, Ending.Rejected, new Rejection(ReasonCode.NoRoute, "an intent without legs"), newestSlot, at);
        if (LegQuotes.Quote(legs, passOn: false, attempt, units, out var settled) is { } rejection)
            return NotFilled(intent, Ending.Rejected, rejection, newestSlot, at);

        var (planned, got) = (intent.Legs[^1].Receive, settled[^1].Receive);
        var value = attempt.TryToken(settled[^1].TokenOut, out var token) ? token.Value : 0;
        var profit = intent.Profit - intent.Cost + value * (got - planned);
        if (got < planned && !(value > 0 && profit > 0))
            return NotFilled(
                intent, Ending.Rejected,
                new Rejection(ReasonCode.PoolMoved, $"{got} {settled[^1].TokenOut} would arrive where {planned} was intended"),
                newestSlot, at);

        LegQuotes.Quote(legs, passOn: false, pools, units, out settled);
        return new TradeOutcome(
            intent.TradeId, intent.SnapshotId, intent.RouteIndex, Ending.Executed, ReasonCode.None, "",
            settled, profit, intent.Cost, newestSlot, at);
    }

    private static TradeOutcome NotFilled(TradeIntent intent, Ending ending, Rejection rejection, ulong newestSlot, DateTimeOffset at) =>
        new(
            intent.TradeId, intent.SnapshotId, intent.RouteIndex, ending, rejection.Code, rejection.Detail ?? "",
            [], 0, 0, newestSlot, at);
}
