using System.Collections.Immutable;
using QTrade.Messages.Cluster;
using QTrade.Trading.Cluster;

namespace QTrade.Node.Actors;

/// <summary>The nodes of the cluster as one of them hears them, at one moment.</summary>
/// <param name="All">Every node that is remembered, by ordinal order of the names.</param>
/// <param name="At">The moment, on the clock of <see cref="ClusterNode.Heard"/>.</param>
public sealed record NodesHeard(ImmutableArray<ClusterNode> All, TimeSpan At)
{
    /// <summary>The node of that name; null where none is remembered.</summary>
    public ClusterNode? this[string name] => All.FirstOrDefault(node => node.Announced.Node == name);

    /// <summary>Who was last heard to act in a role; null where nobody was.</summary>
    public ClusterNode? Acting(NodeRoles role) => LastHeard(node => node.Announced.Acting.HasFlag(role));

    /// <summary>Who was last heard to hold a shard of pools; null where nobody was.</summary>
    public ClusterNode? Holding(int shard) => LastHeard(node => node.Announced.Held.Contains(shard));

    /// <summary>How long ago a node was heard.</summary>
    public TimeSpan Silence(ClusterNode node) => At - node.Heard;

    /// <summary>One that is there before those that are gone.</summary>
    private ClusterNode? LastHeard(Func<ClusterNode, bool> isMeant) =>
        All.Where(isMeant).OrderBy(node => node.IsGone).ThenByDescending(node => node.Heard).FirstOrDefault();
}
