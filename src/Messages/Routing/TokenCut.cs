using QTrade.Markets;

namespace QTrade.Messages.Routing;

/// <summary>Where a cut passes through one token's history.</summary>
/// <param name="TokenId">The token.</param>
/// <param name="Sequence">Its last event in <c>token/&lt;id&gt;</c>.</param>
public readonly record struct TokenCut(TokenId TokenId, long Sequence);
