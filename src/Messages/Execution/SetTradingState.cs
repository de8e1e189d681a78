namespace QTrade.Messages.Execution;

/// <summary>Resumes, reduces or halts trading.</summary>
/// <param name="State">The state wanted.</param>
/// <param name="Reason">Who or what wants it.</param>
/// <param name="Detail">One line for a person, may be empty.</param>
/// <param name="At">When, by the node's clock.</param>
public sealed record SetTradingState(TradingState State, ReasonCode Reason, string Detail, DateTimeOffset At) : IExecutorCommand
{
    /// <summary>Who wants it; null where no person does.</summary>
    public Operator? By { get; init; }
}
