namespace QTrade.Node.Journal.Copying;

/// <summary>All that a journal holds, streamed when it is asked for.</summary>
/// <param name="LastOrdinal">Where the global order ends.</param>
/// <param name="Heads">Its entities, in the order of their keys.</param>
/// <param name="Events">Its events, in the global order.</param>
/// <param name="Snapshots">Its snapshots that can be read.</param>
internal sealed record JournalContents(
    long LastOrdinal, IEnumerable<KeptHead> Heads, IEnumerable<KeptEvent> Events, IEnumerable<KeptSnapshot> Snapshots);
