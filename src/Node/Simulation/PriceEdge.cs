namespace QTrade.Node.Simulation;

/// <summary>What one pool says about two tokens.</summary>
/// <param name="Token0">Index of the first token in the market.</param>
/// <param name="Token1">Index of the second.</param>
/// <param name="Price">Marginal price without fee: token 1 per token 0, above 0.</param>
/// <param name="Depth0">Amount of token 0 whose tender moves the price by a tenth of a percent.</param>
/// <param name="Depth1">The same of token 1.</param>
internal readonly record struct PriceEdge(int Token0, int Token1, double Price, double Depth0, double Depth1);
