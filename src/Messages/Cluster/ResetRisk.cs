using QTrade.Messages.Execution;

namespace QTrade.Messages.Cluster;

/// <summary>Trading is resumed: losses count from 0, and every slice leased before is void.</summary>
/// <param name="At">When, by the node's clock.</param>
public sealed record ResetRisk(DateTimeOffset At) : IRiskCommand
{
    /// <summary>Who wants it; null where no person does.</summary>
    public Operator? By { get; init; }
}
