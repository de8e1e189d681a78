namespace QTrade.Markets.Venues;

/// <summary>Limit orders in a bin of a Meteora DLMM pair.</summary>
public enum BinOrders
{
    /// <summary>None that count.</summary>
    None,

    /// <summary>They offer y for x: a swap of x for y meets them.</summary>
    Bids,

    /// <summary>They offer x for y: a swap of y for x meets them.</summary>
    Asks,
}
