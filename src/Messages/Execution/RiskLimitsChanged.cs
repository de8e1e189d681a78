namespace QTrade.Messages.Execution;

/// <summary>The limits from now on, across restarts.</summary>
public sealed record RiskLimitsChanged(RiskLimits Limits, DateTimeOffset At) : IExecutorEvent
{
    /// <summary>Who wanted it; null where no person did.</summary>
    public Operator? By { get; init; }
}
