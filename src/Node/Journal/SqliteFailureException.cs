namespace QTrade.Node.Journal;

/// <summary>SQLite refused a statement.</summary>
/// <param name="code">SQLite's primary result code.</param>
/// <param name="extended">SQLite's extended result code.</param>
/// <param name="message">SQLite's own words.</param>
internal sealed class SqliteFailureException(int code, int extended, string message) : JournalStoreException(message)
{
    /// <summary>The index of the write-ahead log could not grow (SQLITE_IOERR_SHMSIZE).</summary>
    private const int LogIndexCannotGrow = 4874;

    public int Code => code;

    /// <inheritdoc/>
    public override bool IsFull => code == SQLitePCL.raw.SQLITE_FULL || extended == LogIndexCannotGrow;

    /// <summary>A page of the file does not hold what SQLite wrote.</summary>
    public override bool IsCorrupt => code is SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB;
}
