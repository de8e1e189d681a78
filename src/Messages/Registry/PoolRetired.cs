using QTrade.Markets;
using QTrade.Messages.Execution;

namespace QTrade.Messages.Registry;

/// <summary>A pool is not traded any more.</summary>
/// <param name="PoolId">The pool.</param>
/// <param name="Sequence">Sequence number of this event in <c>config/&lt;pool id&gt;</c>, from 1.</param>
public sealed record PoolRetired(PoolId PoolId, long Sequence) : IPoolConfigurationEvent
{
    /// <summary>Who wanted it; null where no person did. It then stands over restarts, whatever the market's file says.</summary>
    public Operator? By { get; init; }
}
