namespace QTrade.Node;

/// <summary>The journal of a running node.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="EventsCommitted">Events made durable since the start.</param>
/// <param name="EventsRecovered">Events that the start read back; 0 for a new journal.</param>
/// <param name="RecoveryTime">How long that took.</param>
/// <param name="Losses">What could not be read back, one line each; empty where all was.</param>
public sealed record JournalStatus(
    string Path, long EventsCommitted, long EventsRecovered, TimeSpan RecoveryTime, IReadOnlyList<string> Losses)
{
    /// <summary>Events that the start found and could not use: they are passed over.</summary>
    public long EventsUnreadable { get; init; }
}
