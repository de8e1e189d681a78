using QTrade.Markets;
using QTrade.Messages.Pools;

namespace QTrade.Trading.Routing;

/// <summary>One pool as a market view holds it.</summary>
/// <param name="Id">The pool.</param>
/// <param name="Configured">Its configuration; null where it is retired or was never configured.</param>
/// <param name="Newest">Its newest state; null where it was never observed.</param>
public sealed record PoolShown(PoolId Id, Pool? Configured, ReservesChanged? Newest);
