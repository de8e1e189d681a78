using QTrade.Actors.Journal;

namespace QTrade.Node.Journal;

/// <summary>The writing side of what a journal is kept in. One thread uses it; after a failure the next call connects anew.</summary>
internal interface IGroupStore : IDisposable
{
    /// <summary>Makes a group durable in one transaction: the appends that are next in their entity's order, then the snapshots.</summary>
    /// <param name="appends">The appends, in order.</param>
    /// <param name="conflicts">Takes for each whether it was left out because its first sequence number is not the next.</param>
    /// <param name="snapshots">Kept unless a newer one is there; one of an entity without events is not kept.</param>
    /// <param name="time">Stamps the events, in milliseconds since 1970.</param>
    /// <exception cref="JournalStoreException">Nothing was written, unless it says that this is in doubt.</exception>
    GroupWritten Write(
        ReadOnlySpan<AppendRequest> appends, Span<bool> conflicts, IReadOnlyCollection<StoredSnapshot> snapshots, long time);

    /// <summary>Drops whatever is left of a write that failed.</summary>
    /// <param name="full">Whether it failed for want of room, which is no fault of the connection.</param>
    void Undo(bool full);

    /// <summary>What the last write, which ended in doubt, made durable; null where it took no effect.</summary>
    /// <exception cref="JournalStoreException">That cannot be told yet.</exception>
    GroupWritten? TookEffect();

    /// <summary>Called between two writes.</summary>
    void Rest();
}
