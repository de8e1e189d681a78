using QTrade.Node.Journal;

namespace QTrade.Node.Tests.Journal;

/// <summary>A folder for one spec's journal, gone after it.</summary>
internal sealed class JournalFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("qtrade-journal-").FullName;

    public string File => System.IO.Path.Combine(Path, "journal.db");

    public ManualTime Time { get; } = new();

    public SqliteJournal Open(SqliteJournalOptions? options = null) =>
        SqliteJournal.TryOpen(options ?? new SqliteJournalOptions { Folder = Path, LogRoomBytes = 0 }, Time, null, out SqliteJournal? journal, out string? refusal)
            ? journal
            : throw new InvalidOperationException(refusal);

    public string Refusal()
    {
        if (!SqliteJournal.TryOpen(new SqliteJournalOptions { Folder = Path }, Time, null, out _, out string? refusal)) return refusal;
        throw new InvalidOperationException("the journal was not refused");
    }

    /// <summary>Runs SQL on the file beside the journal.</summary>
    public void Execute(string sql)
    {
        using SqliteDatabase database = SqliteDatabase.Open(File, create: true);
        database.Execute(sql);
    }

    public long ReadInt64(string sql)
    {
        using SqliteDatabase database = SqliteDatabase.Open(File, create: false);
        return database.ReadInt64(sql);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
