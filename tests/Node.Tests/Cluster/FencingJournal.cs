using System.Collections.Immutable;
using QTrade.Actors.Journal;
using QTrade.Messages;

namespace QTrade.Node.Tests.Cluster;

/// <summary>A journal that ends every executor which writes anything.</summary>
internal sealed class FencingJournal(IJournal journal) : IJournal
{
    private int _fenced;

    /// <summary>How many executors it ended.</summary>
    public int Fenced => Volatile.Read(ref _fenced);

    public long LastOrdinal => journal.LastOrdinal;

    public ImmutableArray<LostEvents> Lost => journal.Lost;

    public void Append(AppendRequest request)
    {
        if (request.PersistenceId != PersistenceIds.Executor)
        {
            journal.Append(request);
            return;
        }

        Interlocked.Increment(ref _fenced);
        request.Complete(AppendStatus.Conflict, "another writer has that number");
    }

    public void SaveSnapshot(StoredSnapshot snapshot) => journal.SaveSnapshot(snapshot);

    public StoredSnapshot? ReadSnapshot(string persistenceId) => journal.ReadSnapshot(persistenceId);

    public IEnumerable<StoredEvent> Read(string persistenceId, long afterSequenceNumber) => journal.Read(persistenceId, afterSequenceNumber);

    public IEnumerable<StoredEvent> ReadAll(long afterOrdinal) => journal.ReadAll(afterOrdinal);

    public long HighestSequenceNumber(string persistenceId) => journal.HighestSequenceNumber(persistenceId);

    public IEnumerable<string> QuietSince(string prefix, long ordinal) => journal.QuietSince(prefix, ordinal);

    public long EventsBeyondSnapshots(string prefix) => journal.EventsBeyondSnapshots(prefix);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
