using System.Collections.Immutable;

namespace QTrade.Node.Explanations;

/// <summary>Why a result is what it is.</summary>
/// <param name="Trades">The pools that trade, in the result's order.</param>
/// <param name="Tokens">Every token, in the market's order.</param>
/// <param name="IdlePools">The pools that do not trade, the nearest to trading first; after them those whose trade would add less than the gap.</param>
public sealed record ResultExplanation(
    ImmutableArray<TradeExplanation> Trades, ImmutableArray<TokenExplanation> Tokens, ImmutableArray<IdlePoolExplanation> IdlePools);
