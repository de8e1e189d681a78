using System.Diagnostics.CodeAnalysis;
using QTrade.Actors.Journal;

namespace QTrade.Node.Journal;

/// <summary>Writes groups to the journal's file over a connection that is opened afresh once it failed.</summary>
internal sealed class SqliteGroupStore(string path, JournalStore store, SqliteJournalOptions options, JournalCheckpoint checkpoint) : IGroupStore
{
    private JournalStore? _store = store;

    public GroupWritten Write(
        ReadOnlySpan<AppendRequest> appends, Span<bool> conflicts, IReadOnlyCollection<StoredSnapshot> snapshots, long time)
    {
        Reopen();
        long events = 0, bytes = 0;
        _store.Begin();
        for (int i = 0; i < appends.Length; i++)
        {
            long written = _store.Append(appends[i], time);
            conflicts[i] = written < 0;
            if (written < 0) continue;
            events += appends[i].Count;
            bytes += written;
        }
        // After the appends, so that a snapshot finds the entity its last event created.
        foreach (StoredSnapshot snapshot in snapshots) _store.Put(snapshot, time);
        int pages = _store.Commit();
        checkpoint.Written(pages);
        return new GroupWritten(events, bytes, pages);
    }

    public void Undo(bool full)
    {
        try
        {
            _store?.Rollback();
            if (full) return;
        }
        catch (SqliteFailureException)
        {
            // The connection is given up below, and with it the transaction.
        }
        _store?.Dispose();
        _store = null;
    }

    /// <summary>A commit that SQLite refused is none.</summary>
    public GroupWritten? TookEffect() => null;

    public void Rest()
    {
        if (_store is not null) checkpoint.Finish(_store);
    }

    /// <summary>Does work on the writer's connection; what it throws is undone.</summary>
    public void Use(Action<JournalStore> work)
    {
        try
        {
            Reopen();
            work(_store);
        }
        catch (Exception exception)
        {
            Undo(full: exception is SqliteFailureException { IsFull: true });
            throw;
        }
    }

    public void Dispose() => _store?.Dispose();

    [MemberNotNull(nameof(_store))]
    private void Reopen()
    {
        if (_store is not null) return;
        SqliteDatabase database = SqliteDatabase.Open(path, create: false);
        try
        {
            _store = new JournalStore(database, options);
        }
        catch (SqliteFailureException)
        {
            database.Dispose();
            throw;
        }
    }
}
