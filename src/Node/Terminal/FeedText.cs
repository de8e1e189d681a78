using System.Text.Json;

namespace QTrade.Node.Terminal;

/// <summary>How a feed of a chain's accounts is, in words and numbers.</summary>
internal static class FeedText
{
    /// <summary>One row of the live view.</summary>
    public static string Row(FeedStatus feed)
    {
        var counts = feed.Counts;
        string faults = feed.Faults.IsEmpty ? string.Empty : $"; faults {string.Join(", ", feed.Faults.Select(fault => $"{fault.Fault} {fault.Count:N0}"))}";
        string tape = feed.Recorded is { } recorded ? $"; {recorded:N0} entries recorded{(feed.RecordingLost > 0 ? $", {feed.RecordingLost:N0} LOST" : string.Empty)}" : string.Empty;
        string subscriptions = feed.SubscriptionsRefused == 0 && feed.SubscriptionsRetried == 0 ? string.Empty
            : $"; {feed.SubscriptionsRefused:N0} subscriptions refused, {feed.SubscriptionsRetried:N0} asked for again";
        return $"{Short(feed)}; {counts.Pools:N0} pools followed, {counts.Complete:N0} complete, {counts.Refused:N0} refused{Refused(feed)}; {counts.Accounts:N0} accounts, {counts.Outstanding:N0} to read; "
            + $"dropped {counts.Older + counts.Repeated + counts.Unasked + counts.Ahead:N0}, late {counts.Late:N0}, healed {counts.Healed:N0}, gaps {counts.Gaps:N0}, "
            + $"reconnects {Math.Max(0, feed.Connects - 1):N0}{subscriptions}{tape}{faults}{(feed.LastFault is { } last ? $"; last: {last}" : string.Empty)}";
    }

    /// <summary>Why pools are refused now, the most frequent reason first; nothing where none is.</summary>
    public static string Refused(FeedStatus feed)
    {
        string[] reasons = [.. feed.Refusals.Where(refusal => refusal.Now > 0).OrderByDescending(refusal => refusal.Now).Select(refusal => $"{refusal.Refusal} {refusal.Now:N0}")];
        return reasons.Length == 0 ? string.Empty : $" ({string.Join(", ", reasons)})";
    }

    /// <summary>The same in a few words.</summary>
    public static string Short(FeedStatus feed) =>
        feed.TapeEnded ? "tape ended"
        : feed.Endpoint is { } endpoint ? $"{endpoint}, lag {feed.Lag.TotalSeconds:0} s"
        : "NOT CONNECTED";

    /// <summary>The same for programs.</summary>
    public static void Write(Utf8JsonWriter json, FeedStatus feed)
    {
        var counts = feed.Counts;
        json.WriteStartObject("feed");
        json.WriteString("endpoint", feed.Endpoint);
        json.WriteNumber("lagSeconds", feed.Lag.TotalSeconds);
        json.WriteNumber("connects", feed.Connects);
        json.WriteNumber("disconnects", feed.Disconnects);
        json.WriteNumber("silences", feed.Silences);
        json.WriteNumber("subscriptionsRefused", feed.SubscriptionsRefused);
        json.WriteNumber("subscriptionsRetried", feed.SubscriptionsRetried);
        json.WriteNumber("frames", feed.Frames);
        json.WriteNumber("requests", feed.Requests);
        json.WriteNumber("pauses", feed.Pauses);
        json.WriteNumber("pools", counts.Pools);
        json.WriteNumber("poolsComplete", counts.Complete);
        json.WriteNumber("poolsRefused", counts.Refused);
        json.WriteNumber("poolsLeftOut", counts.PoolsLeftOut);
        json.WriteStartObject("refusals");
        foreach (var (refusal, now, ever) in feed.Refusals)
        {
            json.WriteStartObject(refusal.ToString());
            json.WriteNumber("pools", now);
            json.WriteNumber("times", ever);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteNumber("accounts", counts.Accounts);
        json.WriteNumber("accountsToRead", counts.Outstanding);
        json.WriteNumber("accountUpdates", counts.Updates);
        json.WriteNumber("repeated", counts.Repeated);
        json.WriteNumber("older", counts.Older);
        json.WriteNumber("late", counts.Late);
        json.WriteNumber("ahead", counts.Ahead);
        json.WriteNumber("unasked", counts.Unasked);
        json.WriteNumber("conflated", counts.Conflated);
        json.WriteNumber("healed", counts.Healed);
        json.WriteNumber("gaps", counts.Gaps);
        json.WriteStartObject("faults");
        foreach (var (fault, count) in feed.Faults)
            json.WriteNumber(fault.ToString(), count);
        json.WriteEndObject();
        if (feed.Recorded is { } recorded)
        {
            json.WriteNumber("recorded", recorded);
            json.WriteNumber("recordingLost", feed.RecordingLost);
        }

        json.WriteBoolean("tapeEnded", feed.TapeEnded);
        json.WriteString("lastFault", feed.LastFault);
        json.WriteEndObject();
    }
}
