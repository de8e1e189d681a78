using System.Text.Json.Nodes;
using QTrade.Trading.Routing;

namespace QTrade.Node.Admin;

/// <summary>Solutions on their way to the executor.</summary>
internal static class QueuePalette
{
    private const int ShownMax = 200;

    public static Task<AdminReply> ShowAsync(AdminContext context, CancellationToken cancellationToken)
    {
        var (status, open) = (context.Status, context.Node.Router.Open);
        return Task.FromResult(AdminReply.Done(new JsonObject
        {
            ["outstanding"] = status.Outstanding,
            ["outstandingMax"] = status.OutstandingMax,
            ["waiting"] = Math.Max(0, open.Count - status.Outstanding),
            ["slot"] = status.Slot,
            ["solutions"] = new JsonArray([.. open.Values.Take(ShownMax).Select(Row)]),
        }));
    }

    private static JsonObject Row(OpenSolution solution) => new()
    {
        ["snapshot"] = solution.SnapshotId.ToString(),
        ["decidedAt"] = solution.At,
        ["expirySlot"] = solution.ExpirySlot,
        ["routes"] = solution.Routes.Length,
        ["ended"] = solution.Outcomes.Count,
        ["profit"] = solution.Routes.Sum(route => route.Profit),
    };
}
