namespace QTrade.Markets.Venues;

/// <summary>A bin of a Meteora DLMM pair.</summary>
/// <param name="Id">Its number; the price is (1 + step)^id.</param>
/// <param name="X">Base units of token x in it.</param>
/// <param name="Y">Base units of token y in it.</param>
/// <param name="Price">Y per x in Q64.64, above 0.</param>
/// <param name="Side">On which side limit orders rest in it.</param>
/// <param name="ProcessedOrders">What is left of orders that filling began, in the token that they offer.</param>
/// <param name="OpenOrders">Orders that were not touched, in the token that they offer.</param>
public readonly record struct LiquidityBin(
    int Id, ulong X, ulong Y, UInt128 Price, BinOrders Side = BinOrders.None, ulong ProcessedOrders = 0, ulong OpenOrders = 0);
