using QTrade.Markets;

namespace QTrade.Node.Explanations;

/// <summary>What a token is worth to a result.</summary>
/// <param name="Token">The token.</param>
/// <param name="DualPrice">nu: what one more unit of it would add to the profit.</param>
/// <param name="MarketValue">c: what one unit is worth as profit.</param>
/// <param name="NetFlow">psi: what the trades leave of it.</param>
/// <param name="Binds">Whether running short of it is what limits the profit: nu is above c.</param>
/// <param name="Trades">Whether any pool is given or gives it.</param>
public sealed record TokenExplanation(TokenId Token, double DualPrice, double MarketValue, double NetFlow, bool Binds, bool Trades);
