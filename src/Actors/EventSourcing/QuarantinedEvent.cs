namespace QTrade.Actors.EventSourcing;

/// <summary>Stored events that could not be used: one that was unreadable, or a range that is missing.</summary>
/// <param name="PersistenceId">Whose events.</param>
/// <param name="FirstSequenceNumber">The first of them.</param>
/// <param name="LastSequenceNumber">The last of them.</param>
/// <param name="Manifest">What kind of event; null where events are missing.</param>
/// <param name="Version">In which version; 0 where events are missing.</param>
/// <param name="Reason">Why, in one line.</param>
public sealed record QuarantinedEvent(
    string PersistenceId, long FirstSequenceNumber, long LastSequenceNumber, string? Manifest, int Version, string Reason)
{
    /// <summary>How many events.</summary>
    public long Count => LastSequenceNumber - FirstSequenceNumber + 1;

    /// <summary>One line for a person.</summary>
    public string Describe() => Manifest is null
        ? $"{PersistenceId} #{FirstSequenceNumber}-{LastSequenceNumber}: {Reason}"
        : $"{PersistenceId} #{FirstSequenceNumber} ({Manifest} v{Version}): {Reason}";
}
