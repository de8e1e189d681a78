using System.Text.Json.Nodes;
using QTrade.Messages;
using QTrade.Trading.Ledgers;

namespace QTrade.Node.Admin;

/// <summary>Why it did not trade.</summary>
internal static class WhyPalette
{
    private const int Shown = 20;
    private const int ShownMax = 200;

    public static Task<AdminReply> WhyAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (!context.TryWhole("count", Shown, 1, ShownMax, out var count, out var fault))
            return Task.FromResult(fault!);
        var status = context.Status;
        var all = status.Refusals.SelectMany(refusals => refusals.Last.Select(refusal => (refusals.Source, Refusal: refusal))).ToList();
        var told = all.Where(entry => entry.Source == RefusalSource.Executor).Select(entry => Said(entry.Refusal)).ToHashSet();

        // The router repeats what the executor tells it of routes: a person reads it once.
        var last = all.Where(entry => entry.Source != RefusalSource.Router || !told.Contains(Said(entry.Refusal)))
            .OrderByDescending(entry => entry.Refusal.At)
            .Take(count);
        return Task.FromResult(AdminReply.Done(new JsonObject
        {
            ["trading"] = AdminJsonOf.Name(status.TradingState),
            ["why"] = status.TradingStateReason,
            ["lastResult"] = AdminJsonOf.Decision(status.LastDecision),
            ["executed"] = status.Executed,
            ["faults"] = status.Faults,
            ["lastFault"] = status.LastFault,
            ["counts"] = new JsonArray([.. status.Refusals.SelectMany(refusals => refusals.Counts.Select(counted => new JsonObject
            {
                ["by"] = refusals.Source.ToString().ToLowerInvariant(),
                ["reason"] = counted.Reason.ToString(),
                ["count"] = counted.Count,
            })), .. Feed(status)]),
            ["last"] = new JsonArray([.. last.Select(entry => AdminJsonOf.Refusal(entry.Source, entry.Refusal))]),
        }));
    }

    private static IEnumerable<JsonObject> Feed(NodeStatus status) => (status.Feed?.Refusals ?? []).Select(refused => new JsonObject
    {
        ["by"] = "feed",
        ["reason"] = refused.Refusal.ToString(),
        ["count"] = refused.Ever,
    });

    private static (ReasonCode Reason, string Detail, DateTimeOffset At) Said(ReasonedRefusal refusal) => (refusal.Reason, refusal.Detail, refusal.At);
}
