using System.Collections.Immutable;

namespace QTrade.Actors.Journal;

/// <summary>
/// An append-only store of events with a global order. Appends of all actors of a node are committed in groups; the key
/// (persistence id, sequence number) is unique, which is what fences a writer that has been replaced.
/// </summary>
public interface IJournal : IAsyncDisposable
{
    /// <summary>Hands the request to the next group commit and returns at once. Its <see cref="AppendRequest.Complete"/> is always called.</summary>
    void Append(AppendRequest request);

    /// <summary>Keeps a snapshot; an older one of the same entity may be dropped. Not waited for: a lost snapshot costs recovery time only.</summary>
    void SaveSnapshot(StoredSnapshot snapshot);

    /// <summary>The newest snapshot of the entity, if there is one that can be read.</summary>
    StoredSnapshot? ReadSnapshot(string persistenceId);

    /// <summary>Events of one entity after a sequence number, in order, streamed.</summary>
    IEnumerable<StoredEvent> Read(string persistenceId, long afterSequenceNumber);

    /// <summary>Every event after a global ordinal, in the global order, streamed.</summary>
    IEnumerable<StoredEvent> ReadAll(long afterOrdinal);

    /// <summary>The entity's highest durable sequence number, 0 if it has none.</summary>
    long HighestSequenceNumber(string persistenceId);

    /// <summary>Ordinal of the last durable event, 0 if there is none or it is not known.</summary>
    long LastOrdinal => 0;

    /// <summary>Entities whose persistence id begins so and that have no event after a global ordinal.</summary>
    IEnumerable<string> QuietSince(string prefix, long ordinal) => [];

    /// <summary>How many durable events of entities whose persistence id begins so are not in the entity's snapshot; 0 if that is not known.</summary>
    long EventsBeyondSnapshots(string prefix) => 0;

    /// <summary>
    /// Durable events that reading came upon and could not read back, as far as it came. An entity that lost its last ones still appends
    /// behind them: their sequence numbers stay taken.
    /// </summary>
    ImmutableArray<LostEvents> Lost => [];
}
