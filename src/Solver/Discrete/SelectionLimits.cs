namespace QTrade.Solver;

/// <summary>The discrete variant: how many pools may trade and what each that does costs.</summary>
/// <param name="MaxPools">K, at most this many pools trade; null for any number.</param>
/// <param name="CostPerPool">Cost of one pool that trades, in value units; finite and at least 0.</param>
public sealed record SelectionLimits(int? MaxPools, double CostPerPool);
