using QTrade.Markets;

namespace QTrade.Node;

/// <summary>What the fills of one token sum to.</summary>
/// <param name="Token">The token.</param>
/// <param name="Symbol">How to show it.</param>
/// <param name="Amount">Amount in whole tokens where the decimals are known, else in the market's units; negative where it is owed.</param>
/// <param name="Value">Its market value, in value units.</param>
public sealed record BalanceStatus(TokenId Token, string Symbol, double Amount, double Value);
