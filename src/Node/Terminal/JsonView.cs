using System.Text.Json;
using QTrade.Broker;
using QTrade.Messages.Routing;
using QTrade.Node.Verbs;
using QTrade.Trading.Ledgers;

namespace QTrade.Node.Terminal;

/// <summary>One JSON object per line, for programs.</summary>
internal sealed class JsonView(TextWriter output, TimeSpan interval) : IStatusView
{
    /// <summary>Refusals in words per source, the newest: a line that comes every few seconds stays short.</summary>
    private const int RefusalsWritten = 10;

    public async Task WatchAsync(IAsyncEnumerable<NodeStatus> statuses)
    {
        NodeStatus? written = null;
        bool resultTold = false;
        await foreach (NodeStatus status in statuses.ConfigureAwait(false))
        {
            bool firstResult = !resultTold && status.LastDecision is not null;
            if (!firstResult && status.Uptime - (written?.Uptime ?? TimeSpan.Zero) < interval)
                continue;
            resultTold |= firstResult;
            Write(output, status);
            await output.FlushAsync().ConfigureAwait(false);
            written = status;
        }
    }

    public static void Write(TextWriter output, NodeStatus status) => JsonText.WriteLine(output, json => Write(json, status));

    private static void Write(Utf8JsonWriter json, NodeStatus status)
    {
        json.WriteStartObject();
        json.WriteNumber("uptimeSeconds", status.Uptime.TotalSeconds);
        json.WriteString("market", status.Market);
        json.WriteNumber("slot", status.Slot);
        json.WriteNumber("updates", status.Updates);
        json.WriteNumber("conflated", status.Conflated);
        json.WriteNumber("updatesRefused", status.UpdatesRefused);
        if (status.Feed is { } feed)
            FeedText.Write(json, feed);
        json.WriteNumber("solves", status.Solves);
        if (status.Broker is { } broker)
            WriteBroker(json, broker);
        WriteLeases(json, status.Leases);
        WriteOffers(json, status.Offers);
        WriteDecision(json, status.LastDecision);
        json.WriteNumber("outstanding", status.Outstanding);
        json.WriteNumber("outstandingMax", status.OutstandingMax);
        json.WriteString("tradingState", status.TradingState.ToString().ToUpperInvariant());
        json.WriteString("tradingStateReason", status.TradingStateReason);
        json.WriteNumber("executed", status.Executed);
        json.WriteNumber("profit", status.Profit);
        json.WriteStartObject("balances");
        foreach (BalanceStatus balance in status.Balances)
            json.WriteNumber(balance.Token.Value, balance.Amount);
        json.WriteEndObject();
        WriteLedger(json, "snapshots", status.Snapshots);
        WriteLedger(json, "routes", status.Routes);
        json.WriteStartObject("refusals");
        foreach (RefusalStatus refusals in status.Refusals)
            WriteRefusals(json, refusals);
        json.WriteEndObject();
        WriteJournal(json, status.Journal);
        json.WriteNumber("faults", status.Faults);
        if (status.LastFault is { } fault)
            json.WriteString("lastFault", fault);
        json.WriteEndObject();
    }

    private static void WriteLeases(Utf8JsonWriter json, LeaseStatus leases)
    {
        json.WriteStartObject("leases");
        json.WriteNumber("running", leases.Running);
        json.WriteNumber("granted", leases.Granted);
        json.WriteNumber("lapsed", leases.Lapsed);
        json.WriteNumber("late", leases.Late);
        json.WriteNumber("refused", leases.Refused);
        json.WriteEndObject();
    }

    private static void WriteOffers(Utf8JsonWriter json, OfferStatus offers)
    {
        json.WriteStartObject("offers");
        json.WriteNumber("changes", offers.Changes);
        json.WriteNumber("whole", offers.Whole);
        json.WriteNumber("asked", offers.Asked);
        json.WriteEndObject();
    }

    private static void WriteBroker(Utf8JsonWriter json, TransportStatus broker)
    {
        json.WriteStartObject("broker");
        json.WriteString("address", broker.Broker);
        json.WriteBoolean("connected", broker.Connected);
        json.WriteNumber("connects", broker.Connects);
        json.WriteNumber("published", broker.Published);
        json.WriteNumber("republished", broker.Republished);
        json.WriteNumber("full", broker.Full);
        json.WriteNumber("unknown", broker.Unknown);
        json.WriteNumber("delivered", broker.Delivered);
        json.WriteNumber("redelivered", broker.Redelivered);
        json.WriteNumber("renewed", broker.Renewed);
        json.WriteNumber("poisoned", broker.Poisoned);
        json.WriteString("lastPoison", broker.LastPoison);
        json.WriteEndObject();
    }

    private static void WriteDecision(Utf8JsonWriter json, LastDecisionStatus? last)
    {
        if (last is null)
        {
            json.WriteNull("lastResult");
            return;
        }

        json.WriteStartObject("lastResult");
        json.WriteString("snapshot", last.Snapshot);
        json.WriteString("status", last.Status);
        json.WriteNumber("profit", last.Profit);
        json.WriteNumber("upperBound", last.UpperBound);
        json.WriteNumber("gap", last.Gap);
        json.WriteNumber("latencyMs", last.Latency.TotalMilliseconds);
        json.WriteEndObject();
    }

    private static void WriteLedger(Utf8JsonWriter json, string name, LedgerStatus ledger)
    {
        json.WriteStartObject(name);
        json.WriteNumber("handedOut", ledger.HandedOut);
        foreach ((Ending ending, long count) in ledger.Endings)
            json.WriteNumber(JsonNamingPolicy.CamelCase.ConvertName(ending.ToString()), count);
        json.WriteNumber("inFlight", ledger.InFlight);
        json.WriteNumber("difference", ledger.Difference);
        json.WriteEndObject();
    }

    private static void WriteRefusals(Utf8JsonWriter json, RefusalStatus refusals)
    {
        json.WriteStartObject(JsonNamingPolicy.CamelCase.ConvertName(refusals.Source.ToString()));
        json.WriteStartObject("counts");
        foreach (ReasonCount count in refusals.Counts)
            json.WriteNumber(count.Reason.ToString(), count.Count);
        json.WriteEndObject();
        json.WriteStartArray("last");
        foreach (ReasonedRefusal refusal in refusals.Last.TakeLast(RefusalsWritten))
        {
            json.WriteStartObject();
            json.WriteString("what", refusal.What);
            json.WriteString("reason", refusal.Reason.ToString());
            json.WriteString("detail", refusal.Detail);
            json.WriteString("at", refusal.At);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteJournal(Utf8JsonWriter json, JournalStatus journal)
    {
        json.WriteStartObject("journal");
        json.WriteString("path", journal.Path);
        json.WriteNumber("eventsCommitted", journal.EventsCommitted);
        json.WriteNumber("eventsRecovered", journal.EventsRecovered);
        json.WriteNumber("eventsUnreadable", journal.EventsUnreadable);
        json.WriteStartArray("losses");
        foreach (string loss in journal.Losses)
            json.WriteStringValue(loss);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
