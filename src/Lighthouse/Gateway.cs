using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using QTrade.Messages.Cluster;
using QTrade.Trading.Cluster;
using QTrade.Web.Admin;

namespace QTrade.Lighthouse;

/// <summary>
/// Answers what is asked of the cluster itself, and passes everything else on to the node that it names, without understanding it. Nodes are reached
/// where they announced their admin port, with the token that all of them share.
/// </summary>
public sealed class Gateway : IAdminPort, IDisposable
{
    /// <summary>Connections at once: every node has one, and people and tools have some.</summary>
    public const int ConnectionsMax = ClusterView.NodesMax + 64;

    // Shorter than what a caller waits for an answer, so that a node that hangs is told apart from a Lighthouse that does.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(12);

    private readonly NodeDirectory _directory;
    private readonly AdminClients _clients;

    /// <param name="name">What answers of the Lighthouse itself carry as node.</param>
    /// <param name="directory">Who announced himself.</param>
    /// <param name="token">Shown to nodes; null where none is.</param>
    public Gateway(string name, NodeDirectory directory, AdminToken? token)
    {
        NodeName = name;
        _directory = directory;
        _clients = new AdminClients(token, Patience, ClusterView.NodesMax);
    }

    public string NodeName { get; }

    /// <summary>Nothing is needed but that it listens.</summary>
    public string? NotReady => null;

    public Task<AdminAnswer> AnswerAsync(AdminRequest request, CancellationToken cancellationToken) => request.Command switch
    {
        AnnouncementRequest.Command => Task.FromResult(Announce(request)),
        "cluster show" when request.Node is null || request.Node == NodeName => Task.FromResult(Show(request)),
        "cluster down" => DownAsync(request, cancellationToken),
        _ => PassOnAsync(request, cancellationToken),
    };

    public async IAsyncEnumerable<AdminAnswer> StreamAsync(AdminRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (Find(request, request.Node, out ClusterNode? node) is { } refused)
        {
            yield return refused;
            yield break;
        }

        await foreach (AdminAnswer answer in ClientOf(node!).WatchAsync(ForNode(request, node!), cancellationToken).ConfigureAwait(false))
            yield return answer;
    }

    public void Dispose() => _clients.Dispose();

    private AdminAnswer Announce(AdminRequest request) =>
        !AnnouncementRequest.TryRead(request, out NodeAnnouncement? announced, out string? error) ? Answer(request, AdminStatus.Bad, error)
        : _directory.Hear(announced) is { } refusal ? Answer(request, AdminStatus.No, refusal)
        : Answer(request, AdminStatus.Done, null);

    private AdminAnswer Show(AdminRequest request)
    {
        ImmutableArray<ClusterNode> nodes = _directory.Show();
        var rows = new JsonArray([.. nodes.Select(Row)]);
        return Answer(request, AdminStatus.Done, nodes.IsEmpty ? "no node announced itself: set qtrade.cluster.lighthouse on each" : $"{nodes.Count(node => !node.IsGone)} of {nodes.Length} nodes are there", rows);
    }

    private JsonObject Row(ClusterNode node) => new()
    {
        ["node"] = node.Announced.Node,
        ["state"] = StateOf(node),
        ["roles"] = Names(node.Announced.Roles),
        ["acts"] = node.IsGone ? string.Empty : Names(node.Announced.Acting),
        ["version"] = node.Announced.Version,
        ["shards"] = node.Announced.Held.ToString(),
        ["load"] = Math.Round(node.Announced.Load, 3),
        ["lastSeenMs"] = Math.Round(_directory.Silence(node).TotalMilliseconds),
        ["address"] = node.Announced.AdminAddress,
    };

    /// <summary>A node that answers ends itself; one that does not is forgotten.</summary>
    private async Task<AdminAnswer> DownAsync(AdminRequest request, CancellationToken cancellationToken)
    {
        string name = request["name"] ?? string.Empty;
        if (Find(request, name, out ClusterNode? node, mayBeGone: true) is { } refused)
            return refused;
        if (!node!.IsGone)
        {
            AdminAnswer answer = await ClientOf(node).AskAsync(ForNode(request, node), cancellationToken).ConfigureAwait(false);
            if (answer.Status != AdminStatus.Failed)
                return answer;
        }

        _directory.Forget(name);
        return Answer(request, AdminStatus.Done, $"node '{name}' is not reached and was forgotten; if it still lives it announces itself again");
    }

    private Task<AdminAnswer> PassOnAsync(AdminRequest request, CancellationToken cancellationToken) =>
        Find(request, request.Node, out ClusterNode? node) is { } refused
            ? Task.FromResult(refused)
            : ClientOf(node!).AskAsync(ForNode(request, node!), cancellationToken);

    /// <summary>Finds the node that is meant; an answer where there is none.</summary>
    private AdminAnswer? Find(AdminRequest request, string? name, out ClusterNode? node, bool mayBeGone = false)
    {
        ImmutableArray<ClusterNode> nodes = _directory.Show();
        List<ClusterNode> there = [.. nodes.Where(candidate => !candidate.IsGone)];
        node = name is null ? there.Count == 1 ? there[0] : null : nodes.FirstOrDefault(candidate => candidate.Announced.Node == name);
        string known = nodes.IsEmpty ? "no node announced itself" : $"there are {string.Join(", ", nodes.Select(candidate => candidate.Announced.Node))}";
        return node is null && name is null ? Answer(request, AdminStatus.Bad, there.Count == 0 ? "no node is there: cluster show tells who was" : $"name a node with --node: {known}")
            : node is null ? Answer(request, AdminStatus.No, $"node '{Shown(name!)}' is not known here: {known}")
            : node.IsGone && !mayBeGone ? Answer(request, AdminStatus.Failed, string.Create(CultureInfo.InvariantCulture, $"node '{node.Announced.Node}' was not heard for {_directory.Silence(node).TotalSeconds:0} s: look at its machine, or have it forgotten with cluster down"))
            : node.Announced.AdminAddress.Length == 0 ? Answer(request, AdminStatus.Failed, $"node '{node.Announced.Node}' did not say where it is reached: set its qtrade.cluster.advertise")
            : null;
    }

    /// <summary>The request as the node gets it, with who asked and from where.</summary>
    private static AdminRequest ForNode(AdminRequest request, ClusterNode node) =>
        request with { Node = node.Announced.Node, User = request.UserBy("Lighthouse") };

    private AdminClient ClientOf(ClusterNode node) => _clients.Of(node.Announced.AdminAddress);

    private static string Names(NodeRoles roles) => roles == NodeRoles.None ? string.Empty : roles.ToString().Replace(",", string.Empty, StringComparison.Ordinal).ToLowerInvariant();

    private static string StateOf(ClusterNode node) => node.IsGone ? "gone" : node.Announced.IsLeaving ? "leaving" : "up";

    private AdminAnswer Answer(AdminRequest request, AdminStatus status, string? message, JsonNode? result = null) => new(request.Id, NodeName, status, message, result);

    private static string Shown(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
}
