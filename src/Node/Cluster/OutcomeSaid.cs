using QTrade.Messages.Execution;

namespace QTrade.Node.Cluster;

/// <summary>The executor tells a durable outcome.</summary>
internal sealed record OutcomeSaid(TradeOutcome Outcome) : IExecutorGateMessage;
