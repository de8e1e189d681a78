using System.ComponentModel.DataAnnotations;

namespace QTrade.Node.Configuration;

/// <summary>Where the journal is, how long it remembers, and how much one commit takes.</summary>
public sealed class JournalOptions
{
    /// <summary>Folder of the journal, made if it is missing.</summary>
    [Required]
    public string DataDir { get; init; } = "data";

    /// <summary>How long events are kept that lie behind their entity's last snapshot.</summary>
    [DurationRange("1m", "3650d")]
    public TimeSpan Retain { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Bytes that events and snapshots may take before events behind snapshots are dropped early.</summary>
    [SizeRange("1MiB", "1PiB")]
    public long MaxSize { get; init; } = 10L << 30;

    /// <summary>How often retention looks.</summary>
    [DurationRange("1s", "1d")]
    public TimeSpan RetentionInterval { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Appends that may wait for a commit; one more is refused.</summary>
    [Range(1, 100_000_000)]
    public int PendingAppendsMax { get; init; } = 1_000_000;

    /// <summary>Entities with a snapshot that waits for a commit; one more is dropped, counted.</summary>
    [Range(1, 1_000_000)]
    public int PendingSnapshotsMax { get; init; } = 10_000;

    /// <summary>Appends in one commit.</summary>
    [Range(1, 1_000_000)]
    public int GroupAppendsMax { get; init; } = 10_000;

    /// <summary>Size of the write-ahead log from which it is copied into the file.</summary>
    [SizeRange("64KiB", "16GiB")]
    public long CheckpointSize { get; init; } = 64L << 20;
}
