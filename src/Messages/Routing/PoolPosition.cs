using QTrade.Markets;

namespace QTrade.Messages.Routing;

/// <summary>Where a pool stands on the chain.</summary>
/// <param name="PoolId">The pool.</param>
/// <param name="At">The position of its newest state.</param>
public readonly record struct PoolPosition(PoolId PoolId, PositionVector At);
