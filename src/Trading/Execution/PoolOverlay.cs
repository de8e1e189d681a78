using System.Diagnostics.CodeAnalysis;
using QTrade.Markets;
using QTrade.Messages;
using QTrade.Trading.Routing;

namespace QTrade.Trading.Execution;

/// <summary>
/// Pools as our own swaps leave them, over the newest view: what comes after is quoted on that until a later position is observed.
/// Mutable, and owned by one actor or one decision.
/// </summary>
/// <param name="newest">The newest view.</param>
public sealed class PoolOverlay(IPoolStates newest) : IPoolStates
{
    private readonly Dictionary<PoolId, (Pool Pool, PositionVector At)> changed = [];

    /// <summary>How many pools are shown as our swaps left them.</summary>
    public int Count => changed.Count;

    /// <inheritdoc/>
    public bool TryPool(PoolId id, [NotNullWhen(true)] out Pool? pool, out PositionVector at)
    {
        if (!newest.TryPool(id, out pool, out at))
            return false;
        if (changed.TryGetValue(id, out var own))
        {
            if (at.IsObservedAfter(own.At))
                changed.Remove(id);
            else
                (pool, at) = own;
        }

        return true;
    }

    /// <inheritdoc/>
    public bool TryToken(TokenId id, [NotNullWhen(true)] out Token? token) => newest.TryToken(id, out token);

    /// <summary>Shows a pool in this state until a later position than the one it was computed on is observed.</summary>
    public void Set(Pool pool, in PositionVector computedOn) => changed[pool.Id] = (pool, computedOn);
}
