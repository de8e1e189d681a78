using QTrade.Messages.Execution;

namespace QTrade.Messages.Cluster;

/// <summary>How much all executors together may lose until trading is resumed.</summary>
/// <param name="LossMax">In value units.</param>
/// <param name="At">When it was set.</param>
public sealed record SharedLossChanged(double LossMax, DateTimeOffset At) : IRiskEvent
{
    /// <summary>Who wanted it; null where no person did.</summary>
    public Operator? By { get; init; }
}
