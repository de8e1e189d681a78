using System.Collections.Immutable;
using QTrade.Messages.Cluster;
using QTrade.Trading.Cluster;
using QTrade.Web.Admin;

namespace QTrade.Lighthouse;

/// <summary>Who announced himself, whichever way, for any thread.</summary>
/// <param name="ownName">The Lighthouse's name, which no node may have.</param>
/// <param name="time">The clock.</param>
public sealed class NodeDirectory(string ownName, TimeProvider time)
{
    private readonly Lock _one = new();
    private readonly ClusterView _view = new();
    private readonly long _start = time.GetTimestamp();

    /// <summary>Takes an announcement.</summary>
    /// <returns>Null, or one line that says why it does not count.</returns>
    public string? Hear(NodeAnnouncement announced)
    {
        if (ClusterView.Fault(announced) is { } fault)
            return fault;
        if (announced.AdminAddress.Length > 0 && !AdminClient.IsHost(announced.AdminAddress))
            return "a node's address must be HOST:PORT";
        if (announced.Node == ownName)
            return $"'{ownName}' is the Lighthouse's own name: give the node another (qtrade.cluster.node)";
        lock (_one)
        {
            _view.Look(Now);
            if (_view.Hear(announced, Now))
                return null;

            // What was overtaken, or came the other way already, is no fault.
            return _view[announced.Node] is not { } known ? $"{ClusterView.NodesMax} nodes are known already"
                : known.Announced.Incarnation == announced.Incarnation ? null
                : $"another process announces itself as '{announced.Node}' from {known.Announced.AdminAddress}: give this one another name (qtrade.cluster.node)";
        }
    }

    /// <summary>Every node that is remembered, by ordinal order of the names.</summary>
    public ImmutableArray<ClusterNode> Show()
    {
        lock (_one)
        {
            _view.Look(Now);
            return _view.All;
        }
    }

    /// <summary>How long ago the node was heard.</summary>
    public TimeSpan Silence(ClusterNode node) => Now - node.Heard;

    /// <summary>Forgets a node that is gone for good.</summary>
    public bool Forget(string node)
    {
        lock (_one)
            return _view.Forget(node);
    }

    private TimeSpan Now => time.GetElapsedTime(_start);
}
