using QTrade.Markets;

namespace QTrade.Node.Explanations;

/// <summary>An amount of a token, in the market's units.</summary>
public readonly record struct TokenAmount(TokenId Token, double Amount);
