using QTrade.Markets;
using QTrade.Messages.Execution;

namespace QTrade.Messages.Registry;

/// <summary>Adds a pool, changes its configuration, or takes a retired one up again.</summary>
/// <param name="Pool">Tokens, fees, trading bounds and the shape of the curve. The curve's state is a template: reserves come from observation.</param>
public sealed record ConfigurePool(Pool Pool) : IPoolConfigurationMessage
{
    public PoolId PoolId => Pool.Id;

    /// <summary>Who wants it; null where no person does. It then stands over restarts, whatever the market's file says.</summary>
    public Operator? By { get; init; }
}
