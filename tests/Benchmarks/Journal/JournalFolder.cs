using QTrade.Node.Journal;

namespace QTrade.Benchmarks.Journal;

/// <summary>A folder under the current one, whose disk is what is measured; gone when the benchmark is.</summary>
internal sealed class JournalFolder : IDisposable
{
    private readonly string _path = Directory.CreateDirectory($"journal-benchmark-{Environment.ProcessId}").FullName;

    /// <summary>Opens the folder's journal.</summary>
    public SqliteJournal Open()
    {
        var options = new SqliteJournalOptions { Folder = _path };
        return SqliteJournal.TryOpen(options, TimeProvider.System, null, out var journal, out var refusal)
            ? journal
            : throw new InvalidOperationException(refusal);
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
