namespace QTrade.Node.Cluster;

/// <summary>A subscription of solutions and orders has ended.</summary>
internal sealed record ResultsEnded : IExecutorGateMessage;
