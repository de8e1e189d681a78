using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;

namespace QTrade.Node.Journal;

/// <summary>Where the journal lies and how much it may hold.</summary>
public sealed class SqliteJournalOptions
{
    /// <summary>The folder of <c>journal.db</c>, its lock and its owner's name. Created if it is not there.</summary>
    [Required]
    public required string Folder { get; init; }

    /// <summary>How long events are kept after newer ones replaced them, where they lie behind their entity's last snapshot.</summary>
    public TimeSpan Retain { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Bytes the events and snapshots may take before events behind snapshots are dropped early.</summary>
    [Range(1 << 20, long.MaxValue)]
    public long MaxSizeBytes { get; init; } = 10L << 30;

    /// <summary>
    /// Kinds of events after which their entity has no more. Once such an event may go, its entity is forgotten whole, its name and its
    /// sequence number too: who writes to it again must be refused by something else.
    /// </summary>
    public ImmutableArray<string> FinalManifests { get; init; } = [];

    /// <summary>How long an entity that is over is remembered at least, however large the journal.</summary>
    public TimeSpan FinishedRetainMin { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How often retention looks.</summary>
    public TimeSpan RetentionInterval { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Appends that may wait for a commit; one more is refused as broken.</summary>
    [Range(1, int.MaxValue)]
    public int PendingAppendsMax { get; init; } = 1_000_000;

    /// <summary>Entities with a snapshot that waits for a commit; one more is dropped, counted.</summary>
    [Range(1, int.MaxValue)]
    public int PendingSnapshotsMax { get; init; } = 10_000;

    /// <summary>Appends in one commit.</summary>
    [Range(1, int.MaxValue)]
    public int GroupAppendsMax { get; init; } = 10_000;

    /// <summary>Bytes in the write-ahead log from which they are copied into the file.</summary>
    [Range(1 << 16, long.MaxValue)]
    public long CheckpointBytes { get; init; } = 32L << 20;

    /// <summary>Bytes that the write-ahead log is given when it is opened, 0 to let it grow.</summary>
    [Range(0, long.MaxValue)]
    public long LogRoomBytes { get; init; } = 32L << 20;

    /// <summary>Pages the file may have, 0 for as many as the disk holds.</summary>
    [Range(0, int.MaxValue)]
    public int MaxPages { get; init; }
}
