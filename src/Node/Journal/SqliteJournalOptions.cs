using System.ComponentModel.DataAnnotations;

namespace QTrade.Node.Journal;

/// <summary>Where the embedded journal lies and how much it may hold.</summary>
public sealed class SqliteJournalOptions : JournalBounds
{
    public SqliteJournalOptions()
    {
    }

    public SqliteJournalOptions(JournalBounds bounds)
        : base(bounds)
    {
    }

    /// <summary>The folder of <c>journal.db</c>, its lock and its owner's name. Created if it is not there.</summary>
    [Required]
    public required string Folder { get; init; }

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
