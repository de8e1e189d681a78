namespace QTrade.Messages.Execution;

/// <summary>An outcome entered balances, loss and error streak, once.</summary>
public sealed record OutcomeTallied(TradeOutcome Outcome) : IExecutorEvent;
