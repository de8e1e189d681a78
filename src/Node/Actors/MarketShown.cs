using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Trading.Routing;

namespace QTrade.Node.Actors;

/// <summary>The market as the router sees it.</summary>
/// <param name="Pools">Every pool that was ever configured or observed, by ordinal order of the ids.</param>
/// <param name="Tokens">Every token, by ordinal order of the ids.</param>
/// <param name="Slot">Newest slot seen.</param>
public sealed record MarketShown(ImmutableArray<PoolShown> Pools, ImmutableArray<Token> Tokens, ulong Slot);
