using System.Runtime.CompilerServices;
using QTrade.Messages.Cluster;
using QTrade.Node.Configuration;
using QTrade.Trading.Cluster;
using QTrade.Web.Admin;

namespace QTrade.Node.Admin;

/// <summary>Answers for one node what arrives at its admin port: the one place where actors are asked, always with a time-out.</summary>
public sealed class NodeAdmin : IAdminPort, IDisposable
{
    private readonly Action _leave;
    private readonly Lazy<Peers> _peers;
    private TradingNode? _node;
    private volatile bool _leaving;

    /// <param name="nodeName">The node's name.</param>
    /// <param name="version">The program's version.</param>
    /// <param name="leave">Has the node stop, having drained unless <see cref="IsEnded"/>; returns at once.</param>
    public NodeAdmin(string nodeName, string version, Action leave)
    {
        NodeName = nodeName;
        Version = version;
        _leave = leave;
        _peers = new Lazy<Peers>(() => new Peers(nodeName, Token));
    }

    /// <summary>What a node by itself does: everything.</summary>
    internal const NodeRoles Roles = NodeRoles.Feed | NodeRoles.Pools | NodeRoles.Router | NodeRoles.Optimizer | NodeRoles.Executor;

    public string NodeName { get; }

    /// <summary>Shown to other nodes of the cluster; null where none is wanted.</summary>
    public AdminToken? Token { get; init; }

    public string? NotReady
    {
        get
        {
            if (Volatile.Read(ref _node) is not { } node)
                return "starting: the journal is being recovered";
            return _leaving ? "leaving"
                : node.JournalFault is { } fault ? $"the journal does not write: {fault}"
                : node.Setup.Cluster is { } cluster ? cluster.Transport.Status.Connected ? null : "the broker is not reached"
                : node.LastDecision is null ? "starting: no result yet"
                : null;
        }
    }

    /// <summary>Whether the node drains or ends.</summary>
    public bool IsLeaving => _leaving;

    /// <summary>Whether the node stops without draining.</summary>
    public bool IsEnded { get; private set; }

    internal string Version { get; }

    internal Peers Peers => _peers.Value;

    /// <summary>The node is there; until now every request was answered with that it starts.</summary>
    public void Attach(TradingNode node) => Volatile.Write(ref _node, node);

    /// <summary>The node drains: what is asked is still answered, but it is not ready.</summary>
    public void Leaving() => _leaving = true;

    public async Task<AdminAnswer> AnswerAsync(AdminRequest request, CancellationToken cancellationToken)
    {
        if (Refusal(request, out var elsewhere) is { } refused)
            return Answer(request, refused);
        if (elsewhere is not null)
            return await Peers.AskAsync(elsewhere, string.Empty, request, cancellationToken).ConfigureAwait(false);
        if (!Palettes.Commands.TryGetValue(request.Command, out var command))
            return Answer(request, AdminReply.Bad(
                $"there is no command '{AdminContext.Shown(request.Command)}'{Suggestion.Clause(request.Command, Palettes.Commands.Keys)}"));
        try
        {
            var context = new AdminContext(request, _node!, this);
            return Palettes.Owned.TryGetValue(request.Command, out var role) && !_node!.Acts(role)
                ? await Owner.AnswerAsync(context, role, command, cancellationToken).ConfigureAwait(false)
                : Answer(request, await command(context, cancellationToken).ConfigureAwait(false));
        }
        catch (TimeoutException)
        {
            return Answer(request, new AdminReply(
                AdminStatus.Failed, "no answer in time; whether it was done is not known: look with why and actor hierarchy"));
        }
    }

    public async IAsyncEnumerable<AdminAnswer> StreamAsync(AdminRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (Refusal(request, out var elsewhere) is { } refused)
        {
            yield return Answer(request, refused);
            yield break;
        }

        if (elsewhere is not null)
        {
            await foreach (var item in Peers.WatchAsync(elsewhere, request, cancellationToken).ConfigureAwait(false))
                yield return item;
            yield break;
        }

        if (!Palettes.Streams.TryGetValue(request.Command, out var stream))
        {
            yield return Answer(request, AdminReply.Bad($"'{AdminContext.Shown(request.Command)}' is no stream; the streams are {string.Join(", ", Palettes.Streams.Keys)}"));
            yield break;
        }

        await foreach (var reply in stream(new AdminContext(request, _node!, this), cancellationToken).ConfigureAwait(false))
            yield return Answer(request, reply);
    }

    public void Dispose()
    {
        if (_peers.IsValueCreated)
            _peers.Value.Dispose();
    }

    /// <summary>Has the node drain and stop.</summary>
    internal void Leave()
    {
        _leaving = true;
        _leave();
    }

    /// <summary>Has the node stop without draining, as a crash does: what is in flight goes on at the next start.</summary>
    internal void End()
    {
        IsEnded = true;
        Leave();
    }

    /// <summary>Why a request is not answered here, or the other node of the cluster that it is passed on to; neither where it is answered here.</summary>
    private AdminReply? Refusal(AdminRequest request, out ClusterNode? elsewhere)
    {
        elsewhere = null;
        if (Volatile.Read(ref _node) is not { } node)
            return request.Node is null || request.Node == NodeName
                ? new AdminReply(AdminStatus.Failed, "the node starts: its journal is being recovered; ask again")
                : NoSuch(request.Node, "a node that starts");
        if (request.Node is not { } wanted || wanted == NodeName)
            return null;
        // What one node alone has, any leads to.
        if (request.By is null && Palettes.Owned.ContainsKey(request.Command) && node.Nodes?[wanted] is not null)
            return null;
        elsewhere = request.By is null ? node.Nodes?[wanted] : null;
        return elsewhere is not null ? null
            : node.Setup.Cluster is null ? NoSuch(wanted, "a node by itself")
            : NoSuch(wanted, $"one node of a cluster, which knows {string.Join(", ", node.Nodes?.All.Select(other => other.Announced.Node) ?? [])}");
    }

    private AdminReply NoSuch(string wanted, string what) => AdminReply.No($"no node '{AdminContext.Shown(wanted)}' here: this is '{NodeName}', {what}");

    /// <summary>Roles as settings write them.</summary>
    internal static string Names(NodeRoles roles) => roles.ToString().Replace(" ", string.Empty, StringComparison.Ordinal).ToLowerInvariant();

    internal AdminAnswer Answer(AdminRequest request, AdminReply reply) => new(request.Id, NodeName, reply.Status, reply.Message, reply.Result);
}
