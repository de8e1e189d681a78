using QTrade.Messages.Execution;

namespace QTrade.Node.Cluster;

/// <summary>A command for the executor of this node.</summary>
internal sealed record ExecutorSteered(IExecutorMessage Message) : IExecutorGateMessage;
