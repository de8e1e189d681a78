using System.Collections.Immutable;
using QTrade.Messages.Cluster;

namespace QTrade.Trading.Cluster;

/// <summary>
/// Who is in the cluster, from what nodes announce. Not agreed upon: two nodes may see different clusters for a while, and nothing that they do on it
/// does harm. Mutable, and owned by one actor.
/// </summary>
public sealed class ClusterView
{
    /// <summary>Most nodes remembered; further ones are not, and counted.</summary>
    public const int NodesMax = 256;

    /// <summary>Longest name, version and address of a node.</summary>
    public const int TextLengthMax = 200;

    /// <summary>How long a node that is gone is still shown.</summary>
    public static readonly TimeSpan ForgetAfter = TimeSpan.FromMinutes(10);

    private readonly SortedDictionary<string, ClusterNode> nodes = new(StringComparer.Ordinal);

    /// <summary>Announcements that told something newer than what was known.</summary>
    public long Heard { get; private set; }

    /// <summary>Announcements passed over: repeated, older, or of an earlier process under the same name.</summary>
    public long Stale { get; private set; }

    /// <summary>Announcements refused: no name, too long, or a load that is no share.</summary>
    public long Malformed { get; private set; }

    /// <summary>Announcements of nodes beyond <see cref="NodesMax"/>.</summary>
    public long Crowded { get; private set; }

    /// <summary>How often a node was found gone.</summary>
    public long Gone { get; private set; }

    /// <summary>How often a node that counted as gone was heard again as the same process: false alarms.</summary>
    public long Returned { get; private set; }

    /// <summary>Every node that is remembered, by ordinal order of the names.</summary>
    public ImmutableArray<ClusterNode> All => [.. nodes.Values];

    /// <summary>Nodes that count as there.</summary>
    public IEnumerable<NodeAnnouncement> Live => nodes.Values.Where(node => !node.IsGone).Select(node => node.Announced);

    /// <summary>The nodes that shards are dealt to: there, holding pools, and not leaving; by ordinal order of the names.</summary>
    public ImmutableArray<string> PoolNodes =>
        [.. Live.Where(node => node.Roles.HasFlag(NodeRoles.Pools) && !node.IsLeaving).Select(node => node.Node)];

    /// <summary>The node of that name; null where it is not remembered.</summary>
    public ClusterNode? this[string node] => nodes.GetValueOrDefault(node);

    /// <summary>A node announced itself.</summary>
    /// <returns>Whether it told anything newer.</returns>
    public bool Hear(NodeAnnouncement announced, TimeSpan now)
    {
        if (Fault(announced) is not null)
        {
            Malformed++;
            return false;
        }

        if (nodes.TryGetValue(announced.Node, out var known))
        {
            // A process whose clock was set back is another one, too, once its predecessor is gone.
            var isNewer = known.IsGone && announced.Incarnation != known.Announced.Incarnation
                || (announced.Incarnation, announced.Number).CompareTo((known.Announced.Incarnation, known.Announced.Number)) > 0;
            if (!isNewer)
            {
                Stale++;
                return false;
            }

            if (known.IsGone && known.Announced.Incarnation == announced.Incarnation)
                Returned++;
        }
        else if (nodes.Count >= NodesMax)
        {
            Crowded++;
            return false;
        }

        nodes[announced.Node] = new ClusterNode(announced, now, false);
        Heard++;
        return true;
    }

    /// <summary>Time passed: nodes that were silent for too long are gone, and those gone for long are forgotten.</summary>
    /// <returns>The nodes that are gone since the last look, by ordinal order of the names.</returns>
    public ImmutableArray<string> Look(TimeSpan now)
    {
        var gone = ImmutableArray.CreateBuilder<string>();
        foreach (var (name, node) in nodes.ToList())
        {
            var silence = now - node.Heard;
            if (silence >= ForgetAfter)
                nodes.Remove(name);
            else if (!node.IsGone && silence >= ClusterTiming.GoneAfter)
            {
                nodes[name] = node with { IsGone = true };
                gone.Add(name);
                Gone++;
            }
        }

        return gone.DrainToImmutable();
    }

    /// <summary>Somebody knows that the node is gone for good. It is remembered again if it announces itself.</summary>
    /// <returns>Whether it was remembered.</returns>
    public bool Forget(string node) => nodes.Remove(node);

    /// <summary>What is wrong with an announcement; null where nothing is.</summary>
    public static string? Fault(NodeAnnouncement announced) =>
        announced.Node.Length is 0 or > TextLengthMax || announced.Node.Any(char.IsControl) ? $"a node's name must be a text of 1 to {TextLengthMax} characters"
        : announced.Version.Length > TextLengthMax || announced.AdminAddress.Length > TextLengthMax ? $"version and address are at most {TextLengthMax} characters"
        : !(announced.Load is >= 0 and <= 1) ? "a node's load must be a number from 0 to 1"
        : null;
}
