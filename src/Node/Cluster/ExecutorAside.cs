namespace QTrade.Node.Cluster;

/// <summary>Whether this node stands aside from executing, since its journal does not answer.</summary>
internal sealed record ExecutorAside(bool IsAside) : IExecutorGateMessage;
