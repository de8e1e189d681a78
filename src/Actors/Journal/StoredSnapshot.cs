namespace QTrade.Actors.Journal;

/// <summary>The state of an entity after its event <paramref name="SequenceNumber"/>, from which recovery starts.</summary>
public readonly record struct StoredSnapshot(string PersistenceId, long SequenceNumber, EventData State);
