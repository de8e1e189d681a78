using QTrade.Messages.Cluster;
using QTrade.Trading.Cluster;
using QTrade.Web.Admin;

namespace QTrade.Node.Admin;

/// <summary>Answers in a cluster what only the node has that acts in a role, at any other: by asking that node, one hop far.</summary>
internal static class Owner
{
    /// <summary>Has the one who acts answer, or says in one line why it does not.</summary>
    /// <param name="context">The request, at a node that does not act in the role.</param>
    /// <param name="role">The role.</param>
    /// <param name="command">Answers from what this node itself knows.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<AdminAnswer> AnswerAsync(AdminContext context, NodeRoles role, Palettes.Command command, CancellationToken cancellationToken)
    {
        var (request, admin) = (context.Request, context.Admin);
        if (request.By is null && Find(context, role) is { } owner)
        {
            if (Lost(context, owner, role) is { } lost)
                return admin.Answer(request, Failed(lost));
            var answer = await admin.Peers.AskAsync(owner, $"which {Does(role)}", request, cancellationToken).ConfigureAwait(false);
            return answer with { Message = answer.Node == owner.Announced.Node ? From(owner, role, answer.Message) : answer.Message + Known(context, role) };
        }

        // Without its broker nobody acts. What this node has, it shows.
        if (context.IsCut && HasActed(context, role))
        {
            var reply = await command(context, cancellationToken).ConfigureAwait(false);
            return admin.Answer(request, reply with { Message = $"{AdminContext.CutOff}: as it was when '{admin.NodeName}' last {Did(role)}" });
        }

        return admin.Answer(request, Failed(
            request.By is { } by && !context.IsCut ? $"'{admin.NodeName}' is not who {Does(role)}, as '{by}' has heard: that has changed just now, ask again"
            : context.IsCut ? $"{AdminContext.CutOff}, and '{admin.NodeName}' has nothing of its own to show: ask a node with the role {NodeAdmin.Names(role)}"
            : $"no node {Does(role)} at the moment, as far as '{admin.NodeName}' has heard: one with the role {NodeAdmin.Names(role)} takes its turn within seconds; ask again, and see cluster show"));
    }

    /// <summary>The other node that was last heard to act in a role; null where none was.</summary>
    public static ClusterNode? Find(AdminContext context, NodeRoles role) =>
        context.Node.Nodes?.Acting(role) is { } owner && owner.Announced.Node != context.Admin.NodeName ? owner : null;

    /// <summary>What one does who acts in a role.</summary>
    public static string Does(NodeRoles role) => role switch
    {
        NodeRoles.Feed => "is the feed",
        NodeRoles.Router => "routes",
        NodeRoles.Executor => "executes",
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "not a role that one node at a time acts in"),
    };

    private static string Did(NodeRoles role) => role == NodeRoles.Router ? "routed" : "executed";

    private static bool HasActed(AdminContext context, NodeRoles role) =>
        role == NodeRoles.Router ? context.Node.Router.Epoch > 0 : context.Node.HasExecuted;

    /// <summary>One that is not heard while the broker is there acts no longer, and what it would tell is past.</summary>
    private static string? Lost(AdminContext context, ClusterNode owner, NodeRoles role) =>
        owner.IsGone && !context.IsCut
            ? $"{Peers.Called(owner, $"which {Did(role)} last")} was not heard for {Peers.Seconds(context.Node.Nodes!.Silence(owner))} s: whoever takes over is known within seconds; ask again"
            : null;

    /// <summary>Whether trading is halted every node hears.</summary>
    private static string Known(AdminContext context, NodeRoles role) => role == NodeRoles.Executor && context.Node.Limits is not null && context.Status is var status
        ? $"; trading is, as last heard, {AdminJsonOf.Name(status.TradingState)} {status.TradingStateReason}".TrimEnd()
        : string.Empty;

    private static string From(ClusterNode owner, NodeRoles role, string? message)
    {
        var from = $"from '{owner.Announced.Node}', which {Does(role)}";
        return message is null ? from : $"{message} ({from})";
    }

    private static AdminReply Failed(string message) => new(AdminStatus.Failed, message);
}
