using System.Text.Json.Nodes;

namespace QTrade.Node.Admin;

/// <summary>The nodes: on a node by itself, that node.</summary>
internal static class ClusterPalette
{
    private static readonly string[] Roles = ["feed", "pools", "router", "optimizer", "executor"];

    public static Task<AdminReply> ShowAsync(AdminContext context, CancellationToken cancellationToken)
    {
        var status = context.Status;
        return Task.FromResult(AdminReply.Done(
            new JsonArray(new JsonObject
            {
                ["node"] = context.Admin.NodeName,
                ["state"] = context.Admin.NotReady ?? "up",
                ["roles"] = string.Join(' ', Roles),
                ["version"] = context.Admin.Version,
                ["uptimeSeconds"] = Math.Round(status.Uptime.TotalSeconds, 1),
                ["market"] = status.Market,
                ["pools"] = status.Pools,
                ["trading"] = AdminJsonOf.Name(status.TradingState),
                ["journal"] = status.Journal.Path,
            }),
            "a node by itself, without broker"));
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
        return Task.FromResult(
            wanted.Length == 0 ? AdminReply.Bad("name the node that is gone: cluster down NODE")
            : wanted == context.Admin.NodeName ? AdminReply.No($"node '{wanted}' is the one that answers, it is not gone: cluster leave has it drain and stop")
            : AdminReply.No($"node '{AdminContext.Shown(wanted)}' is not known: '{context.Admin.NodeName}' is a node by itself, nobody else can be marked as gone"));
    }
}
