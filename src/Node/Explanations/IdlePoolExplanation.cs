using QTrade.Markets;

namespace QTrade.Node.Explanations;

/// <summary>A pool that a result leaves out.</summary>
/// <param name="Pool">The pool.</param>
/// <param name="TokenIn">What it would be given in the direction nearest to trading; null where it can give nothing.</param>
/// <param name="TokenOut">What it would give.</param>
/// <param name="Distance">
/// By what part its price, fees taken off, would have to become better for a trade to pay at the dual prices: 1 - nu_out p / nu_in.
/// Below 0 where a trade would pay at the dual prices, but adds less than the certified gap leaves open, or is left out by the limits. Null where it can give nothing.
/// </param>
public sealed record IdlePoolExplanation(PoolId Pool, TokenId? TokenIn, TokenId? TokenOut, double? Distance);
