using QTrade.Actors.Journal;

namespace QTrade.Node.Tests.Replay;

/// <summary>A journal from which some events are gone.</summary>
internal sealed class TrimmedJournal(IJournal journal, Func<StoredEvent, bool> gone) : IJournal
{
    public void Append(AppendRequest request) => journal.Append(request);

    public void SaveSnapshot(StoredSnapshot snapshot) => journal.SaveSnapshot(snapshot);

    public StoredSnapshot? ReadSnapshot(string persistenceId) => journal.ReadSnapshot(persistenceId);

    public IEnumerable<StoredEvent> Read(string persistenceId, long afterSequenceNumber) =>
        journal.Read(persistenceId, afterSequenceNumber).Where(stored => !gone(stored));

    public IEnumerable<StoredEvent> ReadAll(long afterOrdinal) => journal.ReadAll(afterOrdinal).Where(stored => !gone(stored));

    public long HighestSequenceNumber(string persistenceId) => journal.HighestSequenceNumber(persistenceId);

    public ValueTask DisposeAsync() => journal.DisposeAsync();
}
