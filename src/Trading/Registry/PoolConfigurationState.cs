using QTrade.Markets;
using QTrade.Messages.Execution;

namespace QTrade.Trading.Registry;

/// <summary>A pool's configuration as it stands.</summary>
/// <param name="Sequence">Sequence number of the last event, 0 before the first.</param>
/// <param name="Pool">Tokens, fees, bounds and curve shape; null before the first configuration.</param>
/// <param name="Retired">Whether the pool is out of trading.</param>
public sealed record PoolConfigurationState(long Sequence, Pool? Pool, bool Retired)
{
    /// <summary>Who wanted it so; null where no person did.</summary>
    public Operator? By { get; init; }

    /// <summary>How many numbers the curve's state has; 0 before the first configuration.</summary>
    public int StateLength { get; } = Pool?.Curve.State.Length ?? 0;

    /// <summary>A pool nobody has configured.</summary>
    public static PoolConfigurationState Unknown { get; } = new(0, null, false);
}
