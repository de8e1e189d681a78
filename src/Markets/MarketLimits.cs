namespace QTrade.Markets;

/// <summary>The discrete variant: how many pools may trade and what each that does costs.</summary>
/// <param name="MaxPools">At most this many pools trade; null for any number.</param>
/// <param name="CostPerPool">Cost of one pool that trades, in value units, at least 0.</param>
public sealed record MarketLimits(int? MaxPools, double CostPerPool);
