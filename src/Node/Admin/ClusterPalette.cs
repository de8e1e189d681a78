using System.Collections.Immutable;
using System.Text.Json.Nodes;
using QTrade.Messages.Cluster;
using QTrade.Node.Actors;
using QTrade.Trading.Cluster;

namespace QTrade.Node.Admin;

/// <summary>The nodes: a node by itself tells of itself, one of a cluster of all that it hears.</summary>
internal static class ClusterPalette
{
    public static Task<AdminReply> ShowAsync(AdminContext context, CancellationToken cancellationToken) =>
        Task.FromResult(context.Node.Setup.Cluster is null ? Alone(context) : AsHeard(context, context.Node.Nodes ?? new NodesHeard([], TimeSpan.Zero)));

    public static Task<AdminReply> LeaveAsync(AdminContext context, CancellationToken cancellationToken)
    {
        context.Admin.Leave();
        return Task.FromResult(AdminReply.Done(
            new JsonObject { ["node"] = context.Admin.NodeName, ["leaving"] = true },
            $"node '{context.Admin.NodeName}' takes nothing more in, ends what is in flight (at most {TradingNode.DrainPatience.TotalSeconds:0} s) and leaves"));
    }

    public static async Task<AdminReply> DownAsync(AdminContext context, CancellationToken cancellationToken)
    {
        var wanted = context.Request["name"] ?? string.Empty;
        if (wanted.Length == 0)
            return AdminReply.Bad("name the node that is to end: cluster down NODE");
        if (wanted != context.Admin.NodeName)
        {
            if (!context.IsForAll || context.Node.Nodes?[wanted] is not { } other)
                return AdminReply.No($"node '{AdminContext.Shown(wanted)}' is not known: '{context.Admin.NodeName}' is {What(context)}");
            var answer = await context.Admin.Peers.AskAsync(other, string.Empty, context.Request, cancellationToken).ConfigureAwait(false);
            return new AdminReply(answer.Status, answer.Message, answer.Result);
        }

        context.Admin.End();
        return AdminReply.Done(
            new JsonObject { ["node"] = wanted, ["ending"] = true },
            $"node '{wanted}' ends without draining: what is in flight goes on at its next start");
    }

    private static AdminReply Alone(AdminContext context)
    {
        var status = context.Status;
        return AdminReply.Done(
            new JsonArray(new JsonObject
            {
                ["node"] = context.Admin.NodeName,
                ["state"] = context.Admin.NotReady ?? "up",
                ["roles"] = Names(NodeAdmin.Roles),
                ["version"] = context.Admin.Version,
                ["uptimeSeconds"] = Math.Round(status.Uptime.TotalSeconds, 1),
                ["market"] = status.Market,
                ["pools"] = status.Pools,
                ["trading"] = AdminJsonOf.Name(status.TradingState),
                ["journal"] = status.Journal.Path,
            }),
            "a node by itself, without broker");
    }

    private static AdminReply AsHeard(AdminContext context, NodesHeard heard)
    {
        ImmutableArray<ClusterNode> others = [.. heard.All.Where(node => node.Announced.Node != context.Admin.NodeName)];
        var cut = context.IsCut ? $"; {AdminContext.CutOff}: the others are shown as they were last heard" : string.Empty;
        return AdminReply.Done(
            new JsonArray([Own(context, heard[context.Admin.NodeName]), .. others.Select(node => Row(node, heard.Silence(node)))]),
            $"'{context.Admin.NodeName}' is {What(context)}, and hears {others.Count(node => !node.IsGone)} others{cut}");
    }

    private static JsonObject Own(AdminContext context, ClusterNode? heard) => new()
    {
        ["node"] = context.Admin.NodeName,
        ["state"] = context.Admin.NotReady ?? "up",
        ["roles"] = Names(context.Node.Setup.Cluster!.Roles),
        ["acts"] = Names(context.Node.Acting),
        ["version"] = context.Admin.Version,
        ["shards"] = heard?.Announced.Held.ToString(),
        ["lastSeenMs"] = 0,
        ["address"] = context.Node.Setup.Cluster.AdminAddress,
    };

    private static JsonObject Row(ClusterNode node, TimeSpan silence) => new()
    {
        ["node"] = node.Announced.Node,
        ["state"] = node.IsGone ? "gone" : node.Announced.IsLeaving ? "leaving" : "up",
        ["roles"] = Names(node.Announced.Roles),
        ["acts"] = node.IsGone ? string.Empty : Names(node.Announced.Acting),
        ["version"] = node.Announced.Version,
        ["shards"] = node.Announced.Held.ToString(),
        ["lastSeenMs"] = Math.Round(silence.TotalMilliseconds),
        ["address"] = node.Announced.AdminAddress,
    };

    private static string Names(NodeRoles roles) => roles == NodeRoles.None ? string.Empty : NodeAdmin.Names(roles).Replace(',', ' ');

    private static string What(AdminContext context) => context.Node.Setup.Cluster is null ? "a node by itself" : "one node of a cluster";
}
