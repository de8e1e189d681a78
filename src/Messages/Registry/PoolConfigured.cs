using QTrade.Markets;
using QTrade.Messages.Execution;

namespace QTrade.Messages.Registry;

/// <summary>A pool is traded with this configuration from now on.</summary>
/// <param name="Sequence">Sequence number of this event in <c>config/&lt;pool id&gt;</c>, from 1.</param>
/// <param name="Pool">Tokens, fees, trading bounds and the shape of the curve. The curve's state is a template: reserves come from observation.</param>
public sealed record PoolConfigured(long Sequence, Pool Pool) : IPoolConfigurationEvent
{
    public PoolId PoolId => Pool.Id;

    /// <summary>Who wanted it; null where no person did. It then stands over restarts, whatever the market's file says.</summary>
    public Operator? By { get; init; }
}
