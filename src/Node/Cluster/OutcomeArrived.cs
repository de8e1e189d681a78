using QTrade.Messages.Execution;

namespace QTrade.Node.Cluster;

/// <summary>The broker has the outcome for the router.</summary>
internal sealed record OutcomeArrived(TradeOutcome Outcome) : IExecutorGateMessage;
