namespace QTrade.Messages.Execution;

/// <summary>The limits from now on, across restarts.</summary>
public sealed record RiskLimitsChanged(RiskLimits Limits, DateTimeOffset At) : IExecutorEvent
{
    /// <summary>Who wanted it; null where no person did.</summary>
    public Operator? By { get; init; }

    /// <summary>The trading state then, as the executor knew it: a halt that the journal lost before it does not become trading. Null where a version that did not tell it wrote the event.</summary>
    public TradingState? State { get; init; }
}
