using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Messages.Routing;

namespace QTrade.Trading.Routing;

/// <summary>The newest decision, from whose prices and trades a later solve may begin.</summary>
/// <param name="SnapshotId">Its snapshot.</param>
/// <param name="Tokens">The tokens that the prices belong to, in order.</param>
/// <param name="Result">Its result.</param>
public sealed record LastDecision(SnapshotId SnapshotId, ImmutableArray<TokenId> Tokens, MarketResult Result);
