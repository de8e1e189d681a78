namespace QTrade.Actors.Journal;

/// <summary>An event as the journal gives it back.</summary>
/// <param name="Ordinal">Place in the journal's global order, ascending with commit order, from 1. May have gaps.</param>
/// <param name="PersistenceId">The entity whose event this is.</param>
/// <param name="SequenceNumber">Place among the entity's events, from 1, without gaps.</param>
/// <param name="Data">The event itself.</param>
public readonly record struct StoredEvent(long Ordinal, string PersistenceId, long SequenceNumber, EventData Data);
