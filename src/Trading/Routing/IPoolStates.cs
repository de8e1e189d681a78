using System.Diagnostics.CodeAnalysis;
using QTrade.Markets;
using QTrade.Messages;

namespace QTrade.Trading.Routing;

/// <summary>Pools in their newest state: what quotes are computed on.</summary>
public interface IPoolStates
{
    /// <summary>The pool in its newest state and the position of that state; false for a pool that is unknown, retired or never observed.</summary>
    bool TryPool(PoolId id, [NotNullWhen(true)] out Pool? pool, out PositionVector at);

    /// <summary>What is known of a token; false for one that is not registered.</summary>
    bool TryToken(TokenId id, [NotNullWhen(true)] out Token? token);
}
