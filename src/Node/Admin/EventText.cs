using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using QTrade.Actors.Journal;
using QTrade.Markets;
using QTrade.Messages;
using QTrade.Messages.Cluster;
using QTrade.Messages.Execution;
using QTrade.Messages.Pools;
using QTrade.Messages.Registry;
using QTrade.Messages.Routing;
using QTrade.Messages.Wire;

namespace QTrade.Node.Admin;

/// <summary>Stored events for people: in a row with what they say in short, or whole.</summary>
internal static class EventText
{
    public static JsonObject Row(StoredEvent stored) => Decode(stored, out var message, out var error)
        ? Head(stored, Short(message!))
        : Head(stored, $"UNREADABLE: {error}");

    public static JsonObject Whole(StoredEvent stored)
    {
        var whole = Head(stored, null);
        whole["bytes"] = stored.Data.Payload.Length;
        whole["version"] = stored.Data.Version;
        if (Decode(stored, out var message, out var error))
            whole["event"] = ToJson(message!);
        else
            whole["error"] = error;
        return whole;
    }

    /// <summary>A message with its fields by name.</summary>
    internal static JsonNode? ToJson(IMessage message) => JsonSerializer.SerializeToNode(message, EventJson.Default.GetTypeInfo(message.GetType())!);

    private static bool Decode(StoredEvent stored, out IMessage? message, out string? error) =>
        MessageCodec.TryDecode(stored.Data.Manifest, stored.Data.Version, stored.Data.Payload.Span, out message, out error);

    private static JsonObject Head(StoredEvent stored, string? says)
    {
        var head = new JsonObject
        {
            ["ordinal"] = stored.Ordinal,
            ["entity"] = stored.PersistenceId,
            ["sequence"] = stored.SequenceNumber,
            ["manifest"] = stored.Data.Manifest,
        };
        if (says is not null)
            head["says"] = says;
        return head;
    }

    private static string TokenFees(Pool pool) =>
        $"{Fees("token fees", pool.TokenFees)}{Fees("token fees out", pool.TokenFeesOut)}";

    private static string Fees(string name, ImmutableArray<double> fees) => fees.IsEmpty ? string.Empty : $", {name} {string.Join('/', fees)}";

    private static string Short(IMessage message) => message switch
    {
        ReservesChanged changed => $"at {changed.At}: {string.Join(", ", changed.Reserves.Take(2))}{(changed.Reserves.Length > 2 ? ", .." : string.Empty)}",
        PoolConfigured configured => $"{configured.Pool.Curve.Kind} {string.Join('/', configured.Pool.Tokens)}, fee {configured.Pool.Fee}{TokenFees(configured.Pool)}{By(configured.By)}",
        PoolRetired retired => $"retired{By(retired.By)}",
        TokenRegistered registered => $"{registered.Token.Symbol ?? registered.TokenId.Value}, value {registered.Token.Value}",
        EpochStarted started => $"epoch {started.Epoch}",
        SnapshotHandedOut handed => $"snapshot {handed.SnapshotId} at slot {handed.Slot}: {handed.Cut.Pools.Length} pools changed, {handed.Skipped} updates skipped",
        Decided decided => $"snapshot {decided.SnapshotId}: {decided.Result.Status}, profit {decided.Result.Profit}, {decided.Routes.Length} routes",
        SnapshotEnded ended => $"snapshot {ended.SnapshotId}: {ended.Ending} {ended.Reason} {ended.Detail}".TrimEnd(),
        RouteEnded ended => Short(ended.Outcome),
        TradingStateChanged changed => $"{AdminJsonOf.Name(changed.State)} {changed.Reason}{By(changed.By)} {changed.Detail}".TrimEnd(),
        RiskLimitsChanged changed => $"notional {changed.Limits.NotionalMax}, loss {changed.Limits.LossMax}, errors {changed.Limits.ErrorStreakMax}{By(changed.By)}",
        RiskSliceLeased leased => $"{leased.Executor} may lose {leased.LossMax} (slice {leased.Slice}, generation {leased.Generation})",
        RiskSliceReported reported => $"{reported.Executor} lost {reported.Loss} of slice {reported.Slice}{(reported.IsReturned ? ", given back" : string.Empty)}",
        RiskLossTold told => $"{told.Executor} lost {told.Loss} without a slice in all (generation {told.Generation})",
        SharedLossChanged changed => $"all executors together may lose {changed.LossMax}{By(changed.By)}",
        RiskReset reset => $"generation {reset.Generation}: losses count from 0{By(reset.By)}",
        FeedStarted started => $"feed term {started.Term}: {started.Node} follows the chain",
        OutcomeTallied tallied => Short(tallied.Outcome),
        TradeIntended intended => $"trade {intended.Intent.TradeId} of snapshot {intended.Intent.SnapshotId}: {intended.Intent.Legs.Length} legs, profit {intended.Intent.Profit}",
        TradeEnded ended => Short(ended.Outcome),
        _ => message.GetType().Name,
    };

    private static string Short(TradeOutcome outcome) => outcome.Ending == Ending.Executed
        ? $"trade {outcome.TradeId}: executed, profit {outcome.Profit}"
        : $"trade {outcome.TradeId}: {outcome.Ending} {outcome.Reason} {outcome.Detail}".TrimEnd();

    private static string By(Operator? by) => by is null ? string.Empty : $" by {by.Name} from {by.Origin}";
}
