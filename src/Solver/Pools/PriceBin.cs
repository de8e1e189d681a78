namespace QTrade.Solver.Pools;

/// <summary>One bin of a <see cref="BinsPool"/>: inside it y + price x never falls.</summary>
/// <param name="Price">Token 1 per token 0.</param>
/// <param name="X">Reserve of token 0.</param>
/// <param name="Y">Reserve of token 1.</param>
/// <param name="Fee">Fee on what goes into this bin.</param>
public readonly record struct PriceBin(double Price, double X, double Y, double Fee);
