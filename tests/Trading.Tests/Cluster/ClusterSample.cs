using QTrade.Messages.Cluster;
using QTrade.Trading.Cluster;

namespace QTrade.Trading.Tests.Cluster;

/// <summary>Nodes that specs are told with.</summary>
internal static class ClusterSample
{
    public static readonly TimeSpan Start = TimeSpan.FromSeconds(100);

    public static TimeSpan After(double milliseconds) => Start + TimeSpan.FromMilliseconds(milliseconds);

    public static NodeAnnouncement Node(string name, long number = 1, ShardSet held = default, bool leaving = false, long incarnation = 1, NodeRoles roles = NodeRoles.Pools) =>
        new(name, incarnation, number, roles, "0.1.0", held, default, 0.5, "127.0.0.1:9110", leaving);

    public static ClusterView View(params NodeAnnouncement[] nodes)
    {
        var view = new ClusterView();
        foreach (var node in nodes)
            view.Hear(node, Start);
        return view;
    }
}
