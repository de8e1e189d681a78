using System.Text.Json.Nodes;
using QTrade.Messages;
using QTrade.Messages.Cluster;
using QTrade.Trading.Ledgers;

namespace QTrade.Node.Admin;

/// <summary>Why it did not trade.</summary>
internal static class WhyPalette
{
    private const int Shown = 20;
    private const int ShownMax = 200;

    public static async Task<AdminReply> WhyAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (!context.TryWhole("count", Shown, 1, ShownMax, out var count, out var fault))
            return fault!;
        var own = Own(context, count);
        if (!context.IsForAll)
            return AdminReply.Done(own);
        var others = (context.Node.Nodes?.All ?? []).Where(node => node.Announced.Node != context.Admin.NodeName && (!node.IsGone || context.IsCut));
        var answers = await context.Admin.Peers.AskAllAsync(others, context.Request, cancellationToken).ConfigureAwait(false);
        var (all, silent) = WhyOfAll.Merge(
            own,
            context.Admin.NodeName,
            [.. answers.Select(answer => (answer.Peer.Announced.Node, answer.Answer?.Result as JsonObject))],
            count);
        return AdminReply.Done(all, silent.IsEmpty ? null : $"{string.Join(", ", silent)} did not answer: what was refused there is missing");
    }

    /// <summary>What this node itself refused. Of router and executor only those tell that act: the others know what is past.</summary>
    private static JsonObject Own(AdminContext context, int count)
    {
        var (status, node) = (context.Status, context.Node);
        bool routes = node.Acts(NodeRoles.Router) || context.IsCut, executes = node.Acts(NodeRoles.Executor) || context.IsCut;
        var refusals = status.Refusals.Where(refusals => refusals.Source switch
        {
            RefusalSource.Router => routes,
            RefusalSource.Executor => executes,
            _ => true,
        }).ToList();
        var all = refusals.SelectMany(refusals => refusals.Last.Select(refusal => (refusals.Source, Refusal: refusal))).ToList();
        var told = all.Where(entry => entry.Source == RefusalSource.Executor).Select(entry => Said(entry.Refusal)).ToHashSet();

        // The router repeats what the executor tells it of routes: a person reads it once.
        var last = all.Where(entry => entry.Source != RefusalSource.Router || !told.Contains(Said(entry.Refusal)))
            .OrderByDescending(entry => entry.Refusal.At)
            .Take(count);
        return new JsonObject
        {
            ["trading"] = AdminJsonOf.Name(status.TradingState),
            ["why"] = status.TradingStateReason,
            ["lastResult"] = routes ? AdminJsonOf.Decision(status.LastDecision) : null,
            ["executed"] = executes ? status.Executed : null,
            ["faults"] = status.Faults,
            ["lastFault"] = status.LastFault,
            ["counts"] = new JsonArray([.. refusals.SelectMany(refusals => refusals.Counts.Select(counted => new JsonObject
            {
                ["by"] = refusals.Source.ToString().ToLowerInvariant(),
                ["reason"] = counted.Reason.ToString(),
                ["count"] = counted.Count,
            })), .. Feed(status), .. Broker(status)]),
            ["last"] = new JsonArray([.. last.Select(entry => AdminJsonOf.Refusal(entry.Source, entry.Refusal))]),
        };
    }

    private static IEnumerable<JsonObject> Feed(NodeStatus status) => (status.Feed?.Refusals ?? []).Select(refused => new JsonObject
    {
        ["by"] = "feed",
        ["reason"] = refused.Refusal.ToString(),
        ["count"] = refused.Ever,
    });

    private static IEnumerable<JsonObject> Broker(NodeStatus status) => status.Broker is { Poisoned: > 0 } broker
        ? [new JsonObject { ["by"] = "broker", ["reason"] = "Poison", ["count"] = broker.Poisoned, ["last"] = broker.LastPoison }]
        : [];

    private static (ReasonCode Reason, string Detail, DateTimeOffset At) Said(ReasonedRefusal refusal) => (refusal.Reason, refusal.Detail, refusal.At);
}
