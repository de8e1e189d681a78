using QTrade.Actors.EventSourcing;

namespace QTrade.Node;

/// <summary>Stored events that are there and could not be used: of an unknown kind or version, of an unknown entity, or such that applying failed.</summary>
/// <param name="Count">How many.</param>
/// <param name="First">The first of them by entity; null where there are none.</param>
public sealed record UnreadableEvents(long Count, QuarantinedEvent? First)
{
    public static UnreadableEvents None { get; } = new(0, null);

    /// <summary>Those of all that a scan quarantined; what is missing from the journal is told as lost elsewhere.</summary>
    internal static UnreadableEvents Of(RecoveredEntities entities)
    {
        var unreadable = None;
        foreach (var id in entities.PersistenceIds)
        {
            foreach (var quarantined in entities.Peek(id)!.Quarantined)
            {
                if (quarantined.Manifest is not null)
                    unreadable = unreadable.Add(quarantined);
            }
        }

        foreach (var unclaimed in entities.Unclaimed)
            unreadable = unreadable.Add(unclaimed);
        return unreadable;
    }

    /// <summary>One line for a person; null where there are none.</summary>
    public string? Describe() => First is null ? null
        : $"journal: {Count:N0} stored {(Count == 1 ? "event" : "events")} cannot be read and {(Count == 1 ? "is" : "are")} passed over, the first: {First.Describe()};"
            + " if a newer version wrote this journal, start that version";

    private UnreadableEvents Add(QuarantinedEvent quarantined) => new(Count + quarantined.Count, First ?? quarantined);
}
