using System.Diagnostics.CodeAnalysis;
using QTrade.Actors.Journal;

namespace QTrade.Node.Journal.Copying;

/// <summary>Writes a copy into a folder that holds no journal. The file gets its name once all of it is on the disk.</summary>
internal sealed class SqliteCopy : IDisposable
{
    private const int EventsPerTransaction = 20_000;

    private readonly SqliteDatabase _database;
    private readonly List<SqliteStatement> _statements = [];
    private readonly SqliteStatement _entity, _head, _manifest, _event, _snapshot;
    private readonly Dictionary<string, EntityHead> _heads = [];
    private readonly Dictionary<(string Name, int Version), long> _manifests = [];

    private SqliteCopy(SqliteDatabase database)
    {
        _database = database;
        _entity = Prepare("INSERT INTO entities (id, name) VALUES (?1, ?2)");
        _head = Prepare("INSERT INTO heads (entity, highest, last, trimmed) VALUES (?1, ?2, ?3, ?4)");
        _manifest = Prepare("INSERT INTO manifests (id, name, version) VALUES (?1, ?2, ?3)");
        _event = Prepare("INSERT INTO events VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
        _snapshot = Prepare("INSERT INTO snapshots VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    }

    /// <summary>Makes the journal of <paramref name="folder"/>.</summary>
    /// <param name="folder">The folder, made if it is missing.</param>
    /// <param name="contents">What the journal is to hold.</param>
    /// <param name="time">Names who holds the folder meanwhile.</param>
    /// <param name="progress">Is told the number of events now and then.</param>
    /// <param name="copied">How much it holds then.</param>
    /// <param name="refusal">One line that says why there is no copy.</param>
    /// <param name="cancellation">Ends it; nothing is left.</param>
    public static bool TryWrite(
        string folder,
        JournalContents contents,
        TimeProvider time,
        IProgress<long>? progress,
        [NotNullWhen(true)] out JournalCopied? copied,
        [NotNullWhen(false)] out string? refusal,
        CancellationToken cancellation)
    {
        copied = null;
        string path = Path.Combine(folder, SqliteJournal.FileName), partial = path + ".copying";
        try
        {
            Directory.CreateDirectory(folder);
            if (!JournalLock.TryTake(folder, time, out JournalLock? held, out refusal)) return false;
            using (held)
            {
                if (File.Exists(path) || File.Exists(path + "-wal") || JournalRebuild.IsInterrupted(path))
                {
                    refusal = $"there is a journal in {folder} already: name a folder without one";
                    return false;
                }
                Remove(partial);
                try
                {
                    using (SqliteDatabase database = SqliteDatabase.Open(partial, create: true))
                    {
                        JournalSchema.Prepare(database, partial);
                        using (var copy = new SqliteCopy(database)) copied = copy.Write(contents, progress, cancellation);
                        database.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
                    }
                    File.Move(partial, path);
                    return true;
                }
                finally
                {
                    Remove(partial);
                }
            }
        }
        catch (Exception broken) when (broken is SqliteFailureException or IOException or UnauthorizedAccessException)
        {
            refusal = $"the copy in {folder} cannot be written ({broken.Message}): make room or choose another folder";
            return false;
        }
    }

    public void Dispose()
    {
        foreach (SqliteStatement statement in _statements) statement.Dispose();
    }

    private static void Remove(string path)
    {
        foreach (string suffix in (string[])["", "-wal", "-shm"]) File.Delete(path + suffix);
    }

    private JournalCopied Write(JournalContents contents, IProgress<long>? progress, CancellationToken cancellation)
    {
        _database.Execute("BEGIN");
        foreach (KeptHead head in contents.Heads) Add(head);
        long events = 0, snapshots = 0;
        foreach (KeptEvent kept in contents.Events)
        {
            Add(kept);
            if (++events % EventsPerTransaction != 0) continue;
            cancellation.ThrowIfCancellationRequested();
            _database.Execute("COMMIT; BEGIN");
            progress?.Report(events);
        }
        foreach (KeptSnapshot kept in contents.Snapshots)
        {
            Add(kept);
            snapshots++;
        }
        _database.Execute("COMMIT");
        return new JournalCopied(_heads.Count, events, snapshots);
    }

    private void Add(KeptHead kept)
    {
        var head = new EntityHead(_heads.Count + 1, kept.Highest, 0);
        _heads.Add(kept.Name, head);
        _entity.Bind(2, kept.Name);
        Run(_entity, head.Entity);
        Run(_head, head.Entity, kept.Highest, kept.Last, kept.Trimmed);
    }

    private void Add(in KeptEvent kept)
    {
        StoredEvent stored = kept.Stored;
        EntityHead head = _heads[stored.PersistenceId];
        long manifest = Manifest(stored.Data), back = head.Last == 0 ? 0 : stored.Ordinal - head.Last;
        ReadOnlySpan<byte> payload = stored.Data.Payload.Span;
        uint checksum = EventChecksum.OfEvent(stored.Ordinal, head.Entity, stored.SequenceNumber, back, manifest, kept.Time, payload);
        _event.Bind(8, payload);
        Run(_event, stored.Ordinal, head.Entity, stored.SequenceNumber, back, manifest, kept.Time, checksum);
        head.Last = stored.Ordinal;
    }

    private void Add(in KeptSnapshot kept)
    {
        long entity = _heads[kept.Stored.PersistenceId].Entity, manifest = Manifest(kept.Stored.State);
        ReadOnlySpan<byte> state = kept.Stored.State.Payload.Span;
        _snapshot.Bind(6, state);
        Run(
            _snapshot, entity, kept.Stored.SequenceNumber, manifest, kept.Time,
            EventChecksum.OfSnapshot(entity, kept.Stored.SequenceNumber, manifest, state));
    }

    private long Manifest(EventData data)
    {
        if (_manifests.TryGetValue((data.Manifest, data.Version), out long manifest)) return manifest;
        manifest = _manifests.Count + 1;
        _manifests.Add((data.Manifest, data.Version), manifest);
        _manifest.Bind(2, data.Manifest);
        _manifest.Bind(3, data.Version);
        Run(_manifest, manifest);
        return manifest;
    }

    private static void Run(SqliteStatement statement, params ReadOnlySpan<long> values)
    {
        for (int i = 0; i < values.Length; i++) statement.Bind(i + 1, values[i]);
        statement.Run();
    }

    private SqliteStatement Prepare(string sql)
    {
        SqliteStatement statement = _database.Prepare(sql);
        _statements.Add(statement);
        return statement;
    }
}
