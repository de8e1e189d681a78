namespace QTrade.Messages.Execution;

/// <summary>What the executor may do from now on, across restarts.</summary>
public sealed record TradingStateChanged(TradingState State, ReasonCode Reason, string Detail, DateTimeOffset At) : IExecutorEvent
{
    /// <summary>Who wanted it; null where no person did.</summary>
    public Operator? By { get; init; }
}
