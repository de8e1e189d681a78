using System.Text.Json;
using System.Text.Json.Nodes;
using QTrade.Messages.Execution;
using QTrade.Messages.Routing;
using QTrade.Trading.Ledgers;

namespace QTrade.Node.Admin;

/// <summary>What several commands show, as JSON.</summary>
internal static class AdminJsonOf
{
    public static string Name(TradingState state) => state.ToString().ToUpperInvariant();

    public static JsonNode? Decision(LastDecisionStatus? last) => last is null ? null : new JsonObject
    {
        ["snapshot"] = last.Snapshot,
        ["status"] = last.Status,
        ["profit"] = last.Profit,
        ["upperBound"] = last.UpperBound,
        ["gap"] = last.Gap,
        ["latencyMs"] = Math.Round(last.Latency.TotalMilliseconds, 3),
    };

    public static JsonObject Ledger(LedgerStatus ledger)
    {
        var shown = new JsonObject { ["handedOut"] = ledger.HandedOut };
        foreach ((Ending ending, long count) in ledger.Endings)
            shown[JsonNamingPolicy.CamelCase.ConvertName(ending.ToString())] = count;
        shown["inFlight"] = ledger.InFlight;
        shown["difference"] = ledger.Difference;
        return shown;
    }

    public static JsonObject Refusal(RefusalSource source, ReasonedRefusal refusal) => new()
    {
        ["at"] = refusal.At,
        ["by"] = source.ToString().ToLowerInvariant(),
        ["what"] = refusal.What,
        ["reason"] = refusal.Reason.ToString(),
        ["detail"] = refusal.Detail,
    };
}
