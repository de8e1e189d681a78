namespace QTrade.Node.Cluster;

/// <summary>What <see cref="ExecutorGate"/> is told.</summary>
public interface IExecutorGateMessage;
