using QTrade.Messages.Execution;

namespace QTrade.Trading.Execution;

/// <summary>The trades that were added last, so that what is told again does nothing again. Mutable, and owned by one actor.</summary>
/// <param name="kept">How many are remembered; beyond, the oldest is forgotten.</param>
public sealed class RecentTrades(int kept)
{
    private readonly HashSet<TradeId> trades = [];
    private readonly Queue<TradeId> order = [];

    /// <summary>Remembers a trade; false where it is remembered already.</summary>
    public bool Add(TradeId trade)
    {
        if (!trades.Add(trade))
            return false;
        order.Enqueue(trade);
        if (order.Count > kept)
            trades.Remove(order.Dequeue());
        return true;
    }
}
