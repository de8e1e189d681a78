using QTrade.Messages.Execution;

namespace QTrade.Messages.Cluster;

/// <summary>Losses count from 0 again; slices of earlier generations are void.</summary>
/// <param name="Generation">The generation that began.</param>
/// <param name="At">When.</param>
public sealed record RiskReset(long Generation, DateTimeOffset At) : IRiskEvent
{
    /// <summary>Who wanted it; null where no person did.</summary>
    public Operator? By { get; init; }
}
