using System.Collections.Immutable;
using System.Text.Json.Nodes;
using QTrade.Messages.Cluster;
using QTrade.Web.Admin;

namespace QTrade.Node.Admin;

/// <summary>The router: when it solves and what it decided.</summary>
internal static class RouterPalette
{
    /// <summary>Longer than any solve that is not overdue; shorter than the caller waits.</summary>
    private static readonly TimeSpan SolvePatience = TimeSpan.FromSeconds(10);

    private const string Withheld = "withheld";

    public static Task<AdminReply> StatusAsync(AdminContext context, CancellationToken cancellationToken)
    {
        var (status, router, options) = (context.Status, context.Node.Router, context.Node.Setup.Options);
        return Task.FromResult(AdminReply.Done(new JsonObject
        {
            ["epoch"] = router.Epoch,
            ["snapshot"] = router.Number,
            ["slot"] = status.Slot,
            ["lastHandOut"] = router.LastHandOut?.At,
            ["lastResult"] = AdminJsonOf.Decision(status.LastDecision),
            ["solving"] = router.Undecided.Count,
            ["leases"] = new JsonObject
            {
                ["running"] = status.Leases.Running,
                ["granted"] = status.Leases.Granted,
                ["lapsed"] = status.Leases.Lapsed,
                ["late"] = status.Leases.Late,
                ["refused"] = status.Leases.Refused,
            },
            ["offers"] = new JsonObject
            {
                ["changes"] = status.Offers.Changes,
                ["whole"] = status.Offers.Whole,
                ["asked"] = status.Offers.Asked,
            },
            ["openSolutions"] = router.Open.Count,
            ["withheldPools"] = router.Withheld.Count,
            [Withheld] = new JsonArray([.. router.Withheld.Keys.Select(pool => (JsonNode)pool.Value)]),
            ["plannedProfit"] = router.Profit,
            ["minInterval"] = Configuration.SettingText.Duration(options.Router.MinInterval),
            ["checkInterval"] = Configuration.SettingText.Duration(options.Router.CheckInterval),
            ["snapshots"] = AdminJsonOf.Ledger(status.Snapshots),
            ["routes"] = AdminJsonOf.Ledger(status.Routes),
        }));
    }

    /// <summary>The pools that are withheld because a trade of theirs is under way, and what is to be said where nobody tells.</summary>
    public static async Task<(HashSet<string> Pools, string? Unknown)> WithheldAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (context.Node.Acts(NodeRoles.Router))
            return ([.. context.Node.Router.Withheld.Keys.Select(pool => pool.Value)], null);
        if (!context.IsForAll)
            return ([], "which pools are withheld tells the node that routes");
        var asked = context with { Request = context.Request with { Command = "router status", Arguments = ImmutableSortedDictionary<string, string>.Empty } };
        var answer = await Owner.AnswerAsync(asked, NodeRoles.Router, StatusAsync, cancellationToken).ConfigureAwait(false);
        return answer is { Status: AdminStatus.Done, Result: JsonObject status }
            ? ([.. status[Withheld] is JsonArray withheld ? withheld.Select(pool => (string?)pool ?? string.Empty) : []], null)
            : ([], $"which pools are withheld is not known: {answer.Message}");
    }

    public static async Task<AdminReply> SolveAsync(AdminContext context, CancellationToken cancellationToken)
    {
        var solved = await context.Node.SolveAsync(SolvePatience, cancellationToken).ConfigureAwait(false);
        return solved.Decision is { } decision
            ? AdminReply.Done(AdminJsonOf.Decision(decision)!, "solved")
            : AdminReply.No($"not solved: {solved.Refusal}");
    }
}
