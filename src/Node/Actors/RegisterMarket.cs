using System.Collections.Immutable;
using QTrade.Markets;

namespace QTrade.Node.Actors;

/// <summary>Registers a market's tokens and pools and retires what is known but not in it.</summary>
/// <param name="Market">The market.</param>
/// <param name="KnownPools">Pools that the journal knows.</param>
public sealed record RegisterMarket(Market Market, ImmutableArray<PoolId> KnownPools) : IRegistryMessage;
