using System.Collections.Immutable;
using QTrade.Messages;
using QTrade.Messages.Execution;
using QTrade.Messages.Routing;
using QTrade.Trading.Ledgers;

namespace QTrade.Node.Terminal;

/// <summary>A status in words and numbers for people.</summary>
internal static class StatusText
{
    private const int BalancesShown = 6;
    private const int ReasonsShown = 3;

    /// <summary>The rows of the live view: a label and what stands beside it.</summary>
    /// <param name="now">The status.</param>
    /// <param name="before">An earlier one, from which the rates are taken; null for none.</param>
    public static IEnumerable<(string Label, string Text)> Rows(NodeStatus now, NodeStatus? before)
    {
        yield return ("running", $"{Seconds(now.Uptime)}; market {now.Market}: {now.Pools:N0} pools, {now.Tokens:N0} tokens, slot {now.Slot:N0}");
        yield return ("updates", $"{Rate(now, before, status => status.Updates)}; {now.Updates:N0} so far, {now.Conflated:N0} conflated, {now.UpdatesRefused:N0} refused");
        if (now.Feed is { } feed)
            yield return ("feed", FeedText.Row(feed));
        yield return ("snapshots", $"{now.Snapshots.HandedOut:N0} handed out; {now.Solves:N0} solves, {Rate(now, before, status => status.Solves)}");
        yield return ("last result", LastDecision(now.LastDecision));
        yield return ("queue", $"{now.Outstanding:N0} outstanding of {now.OutstandingMax:N0}");
        yield return ("trading", $"{State(now)}; {now.Executed:N0} routes executed");
        yield return ("refused", Refusals(now) is { Length: > 0 } refusals ? refusals : "nothing");
        yield return ("last refused", LastRefusal(now));
        yield return ("paper", $"profit {Signed(now.Profit)}{Balances(now.Balances)}");
        yield return ("ledger", Ledger("snapshots", now.Snapshots));
        yield return (string.Empty, Ledger("routes", now.Routes));
        yield return ("journal", $"{now.Journal.EventsCommitted:N0} events committed to {now.Journal.Path}{Unreadable(now.Journal)}{Losses(now.Journal)}");
        yield return ("faults", now.LastFault is { } fault ? $"{now.Faults:N0}, last: {fault}" : $"{now.Faults:N0}");
    }

    /// <summary>The same in one line.</summary>
    public static string Line(NodeStatus now, NodeStatus? before)
    {
        string result = now.LastDecision is { } last
            ? $"last profit {Amount(last.Profit)}, certified gap {Gap(last.Gap)}"
            : "no result yet";
        string trading = now.TradingState == TradingState.Active ? string.Empty : $" | {State(now)}";
        string refused = Refusals(now) is { Length: > 0 } refusals ? $" | refused {refusals}" : string.Empty;
        string faults = now.Faults == 0 ? string.Empty : $" | faults {now.Faults:N0}";
        string feed = now.Feed is null ? string.Empty : $" | feed {FeedText.Short(now.Feed)}";
        return $"{Seconds(now.Uptime)} | updates {Rate(now, before, status => status.Updates)}{feed} | snapshots {now.Snapshots.HandedOut:N0} | solves {now.Solves:N0}"
            + $" | {result} | outstanding {now.Outstanding:N0} of {now.OutstandingMax:N0} | paper {Signed(now.Profit)}"
            + $" | ledger difference {now.Snapshots.Difference} (routes {now.Routes.Difference}){trading}{refused}{faults}";
    }

    /// <summary>The line about the first result.</summary>
    public static string FirstResult(NodeStatus status, LastDecisionStatus first) =>
        $"{Seconds(status.Uptime)} | first certified result: {LastDecision(first)}";

    /// <summary>What a start read back; null for a new journal.</summary>
    public static string? Recovery(JournalStatus journal) =>
        journal.EventsRecovered == 0
            ? null
            : $"Recovered {journal.EventsRecovered:N0} events from the journal in {Seconds(journal.RecoveryTime)}{Unreadable(journal)}{Losses(journal)}.";

    /// <summary>The last line of a run.</summary>
    /// <param name="status">The last status.</param>
    /// <param name="clean">Whether nothing was left in flight.</param>
    public static string Summary(NodeStatus status, bool clean) =>
        $"Stopped after {Seconds(status.Uptime)}: {status.Updates:N0} updates, {status.Snapshots.HandedOut:N0} snapshots, {status.Solves:N0} solves, "
        + $"{status.Executed:N0} routes executed, paper profit {Signed(status.Profit)}, ledger difference {status.Snapshots.Difference} (routes {status.Routes.Difference}); "
        + (Refusals(status) is { Length: > 0 } refusals ? $"refused {refusals}; " : string.Empty)
        + (clean ? "nothing left in flight. qtrade replay --verify solves its decisions again." : "what is in flight goes on at the next start.");

    public static string Seconds(TimeSpan time) => time < TimeSpan.FromMinutes(2) ? $"{time.TotalSeconds:F1} s" : $"{(long)time.TotalHours}:{time.Minutes:D2}:{time.Seconds:D2}";

    private static string LastDecision(LastDecisionStatus? last) =>
        last is null
            ? "none yet"
            : $"{last.Status}, profit {Amount(last.Profit)} of at most {Amount(last.UpperBound)}, certified gap {Gap(last.Gap)}, {last.Latency.TotalMilliseconds:F1} ms after the last update";

    private static string Rate(NodeStatus now, NodeStatus? before, Func<NodeStatus, long> counter)
    {
        double seconds = (now.Uptime - (before?.Uptime ?? TimeSpan.Zero)).TotalSeconds;
        long counted = counter(now) - (before is null ? 0 : counter(before));
        return $"{(seconds > 0 ? counted / seconds : 0):N0}/s";
    }

    private static string State(NodeStatus status)
    {
        string state = status.TradingState.ToString().ToUpperInvariant();
        return status.TradingStateReason.Length == 0 ? state : $"{state} ({status.TradingStateReason})";
    }

    private static string Refusals(NodeStatus status) =>
        string.Join("; ", status.Refusals.Select(refusals => Own(refusals, status)).Where(refusals => !refusals.Counts.IsEmpty).Select(Refusals));

    /// <summary>The router repeats what the executor tells it of routes: a person reads it once.</summary>
    private static RefusalStatus Own(RefusalStatus refusals, NodeStatus status)
    {
        if (refusals.Source != RefusalSource.Router)
            return refusals;
        var told = status.Refusals.Where(other => other.Source == RefusalSource.Executor)
            .SelectMany(other => other.Counts).ToDictionary(count => count.Reason, count => count.Count);
        return RefusalStatus.Of(
            refusals.Source,
            refusals.Counts.Select(count => count with { Count = count.Count - told.GetValueOrDefault(count.Reason) }),
            refusals.Last);
    }

    private static string Refusals(RefusalStatus refusals)
    {
        string reasons = string.Join(", ", refusals.Counts.Take(ReasonsShown).Select(count => $"{count.Reason} {count.Count:N0}"));
        string rest = refusals.Counts.Length > ReasonsShown ? $" and {refusals.Counts.Length - ReasonsShown} more" : string.Empty;
        return $"{refusals.Source.ToString().ToLowerInvariant()} {refusals.Total:N0} ({reasons}{rest})";
    }

    /// <summary>The newest in words. A market without arbitrage is an answer: it hides no refusal.</summary>
    private static string LastRefusal(NodeStatus status)
    {
        ReasonedRefusal? last = status.Refusals.SelectMany(refusals => refusals.Last)
            .Where(refusal => refusal.Reason != ReasonCode.NoArbitrage)
            .MaxBy(refusal => refusal.At);
        return last is null ? "nothing"
            : last.Detail.Length == 0 ? $"{last.What}: {last.Reason}"
            : $"{last.What}: {last.Reason}: {last.Detail}";
    }

    private static string Balances(ImmutableArray<BalanceStatus> balances)
    {
        if (balances.IsEmpty)
            return string.Empty;
        string rest = balances.Length > BalancesShown ? $" and {balances.Length - BalancesShown} tokens more" : string.Empty;
        return $"; balance {string.Join(", ", balances.Take(BalancesShown).Select(balance => $"{Signed(balance.Amount)} {balance.Symbol}"))}{rest}";
    }

    private static string Ledger(string what, LedgerStatus ledger)
    {
        string endings = string.Concat(ledger.Endings.Select(ending => $"{Name(ending.Key)} {ending.Value:N0}, "));
        return $"{what}: {ledger.HandedOut:N0} handed out; {endings}in flight {ledger.InFlight:N0}; difference {ledger.Difference}";
    }

    private static string Name(Ending ending) => ending == Ending.NoArbitrage ? "no arbitrage" : ending.ToString().ToLowerInvariant();

    private static string Unreadable(JournalStatus journal) =>
        journal.EventsUnreadable == 0 ? string.Empty : $"; UNREADABLE: {journal.EventsUnreadable:N0} stored events";

    private static string Losses(JournalStatus journal) =>
        journal.Losses.Count == 0 ? string.Empty : $"; LOST: {string.Join("; ", journal.Losses)}";

    private static string Gap(double gap) => gap.ToString("0.0e+0", null);

    /// <summary>Enough digits to tell small profits from none.</summary>
    private static string Amount(double value) => Math.Abs(value) is >= 0.01 or 0 ? value.ToString("N4", null) : value.ToString("0.###e+0", null);

    private static string Signed(double value) => value > 0 ? $"+{Amount(value)}" : Amount(value);
}
