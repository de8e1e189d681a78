using System.Text.Json.Nodes;

namespace QTrade.Node.Admin;

/// <summary>The nodes: asked straight, a node tells of itself.</summary>
internal static class ClusterPalette
{
    private const string Others = "a Lighthouse knows the others (--host)";

    public static Task<AdminReply> ShowAsync(AdminContext context, CancellationToken cancellationToken)
    {
        var status = context.Status;
        return Task.FromResult(AdminReply.Done(
            new JsonArray(new JsonObject
            {
                ["node"] = context.Admin.NodeName,
                ["state"] = context.Admin.NotReady ?? "up",
                ["roles"] = NodeAdmin.Names(context.Node.Setup.Cluster?.Roles ?? NodeAdmin.Roles).Replace(',', ' '),
                ["version"] = context.Admin.Version,
                ["uptimeSeconds"] = Math.Round(status.Uptime.TotalSeconds, 1),
                ["market"] = status.Market,
                ["pools"] = status.Pools,
                ["trading"] = AdminJsonOf.Name(status.TradingState),
                ["journal"] = status.Journal.Path,
            }),
            context.Node.Setup.Cluster is null ? "a node by itself, without broker" : $"{What(context)}; {Others}"));
    }

    public static Task<AdminReply> LeaveAsync(AdminContext context, CancellationToken cancellationToken)
    {
        context.Admin.Leave();
        return Task.FromResult(AdminReply.Done(
            new JsonObject { ["node"] = context.Admin.NodeName, ["leaving"] = true },
            $"node '{context.Admin.NodeName}' takes nothing more in, ends what is in flight (at most {TradingNode.DrainPatience.TotalSeconds:0} s) and leaves"));
    }

    public static Task<AdminReply> DownAsync(AdminContext context, CancellationToken cancellationToken)
    {
        var wanted = context.Request["name"] ?? string.Empty;
        if (wanted.Length == 0)
            return Task.FromResult(AdminReply.Bad("name the node that is to end: cluster down NODE"));
        if (wanted != context.Admin.NodeName)
            return Task.FromResult(AdminReply.No(
                $"node '{AdminContext.Shown(wanted)}' is not known: '{context.Admin.NodeName}' is {What(context)}; {Others}"));
        context.Admin.End();
        return Task.FromResult(AdminReply.Done(
            new JsonObject { ["node"] = wanted, ["ending"] = true },
            $"node '{wanted}' ends without draining: what is in flight goes on at its next start"));
    }

    private static string What(AdminContext context) => context.Node.Setup.Cluster is null ? "a node by itself" : "one node of a cluster";
}
