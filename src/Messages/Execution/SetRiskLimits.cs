namespace QTrade.Messages.Execution;

/// <summary>Sets the limits that the executor keeps from now on.</summary>
public sealed record SetRiskLimits(RiskLimits Limits, DateTimeOffset At) : IExecutorCommand
{
    /// <summary>Who wants it; null where no person does.</summary>
    public Operator? By { get; init; }
}
