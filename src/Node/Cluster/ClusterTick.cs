using QTrade.Node.Actors;

namespace QTrade.Node.Cluster;

/// <summary>Time to announce the node and to look at the others.</summary>
internal sealed record ClusterTick : INodeMessage
{
    public static ClusterTick Instance { get; } = new();
}
