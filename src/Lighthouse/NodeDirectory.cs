using System.Collections.Immutable;
using QTrade.Messages.Cluster;
using QTrade.Trading.Cluster;

namespace QTrade.Lighthouse;

/// <summary>Who announced himself, for any thread.</summary>
public sealed class NodeDirectory(TimeProvider time)
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
        lock (_one)
        {
            _view.Look(Now);
            if (_view.Hear(announced, Now))
                return null;
            return _view[announced.Node] is { } known
                ? known.Announced.Incarnation == announced.Incarnation
                    ? "a newer announcement was heard already"
                    : $"another process announces itself as '{announced.Node}' from {known.Announced.AdminAddress}: give this one another name (qtrade.cluster.node)"
                : $"{ClusterView.NodesMax} nodes are known already";
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
