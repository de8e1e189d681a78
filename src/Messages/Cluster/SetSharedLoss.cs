using QTrade.Messages.Execution;

namespace QTrade.Messages.Cluster;

/// <summary>Sets how much all executors together may lose until trading is resumed.</summary>
/// <param name="LossMax">In value units, at least 0.</param>
/// <param name="At">When, by the node's clock.</param>
public sealed record SetSharedLoss(double LossMax, DateTimeOffset At) : IRiskCommand
{
    /// <summary>Who wants it; null where no person does.</summary>
    public Operator? By { get; init; }
}
