namespace QTrade.Actors;

/// <summary>What one actor reports of itself.</summary>
/// <param name="Path">Where it lives.</param>
/// <param name="State">What it is at: Active, Recovering, Persisting, Suspended, ...</param>
/// <param name="Depth">Messages that wait.</param>
/// <param name="Processed">Messages handled.</param>
/// <param name="Conflated">Messages merged into a newer one.</param>
/// <param name="Refused">Messages that found the mailbox full.</param>
/// <param name="Restarts">How often it was restarted.</param>
/// <param name="LatencyMean">Smoothed time from sent to handled, of one message in 64.</param>
/// <param name="LatencyMax">Longest such time.</param>
public sealed record ActorReport(
    ActorPath Path,
    string State,
    long Depth,
    long Processed,
    long Conflated,
    long Refused,
    long Restarts,
    TimeSpan LatencyMean,
    TimeSpan LatencyMax);
