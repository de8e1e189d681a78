namespace QTrade.Node.Cluster;

/// <summary>Time for the one that executes to tell what executors may do.</summary>
internal sealed record ControlTold : IExecutorGateMessage
{
    public static ControlTold Instance { get; } = new();
}
