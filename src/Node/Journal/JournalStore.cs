using QTrade.Actors.Journal;

namespace QTrade.Node.Journal;

/// <summary>The writer's side of the file: appends within a transaction that its caller begins and ends. Used by one thread.</summary>
internal sealed class JournalStore : IDisposable
{
    private readonly SqliteDatabase _database;
    private readonly List<SqliteStatement> _statements = [];
    private readonly SqliteStatement _begin, _commit, _findEntity, _addEntity, _addHead, _moveHead, _addEvent;
    private readonly SqliteStatement _findManifest, _addManifest, _putSnapshot, _deleteEvent, _markTrimmed;
    private readonly SqliteStatement _findFinished, _findBack, _deleteHead, _deleteSnapshot, _deleteEntity;
    private readonly EntityHeads _heads = new();
    private readonly Dictionary<(string Name, int Version), long> _manifests = [];
    private long _lastOrdinal;
    private long _durableOrdinal;

    /// <summary>Takes over a connection whose tables are today's.</summary>
    public JournalStore(SqliteDatabase database, SqliteJournalOptions options)
    {
        _database = database;
        database.Execute(
            $"""
            PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-65536;
            PRAGMA journal_size_limit={4 * options.CheckpointBytes};
            """);
        if (options.MaxPages > 0) database.Execute($"PRAGMA max_page_count={options.MaxPages}");
        _begin = Prepare("BEGIN IMMEDIATE");
        _commit = Prepare("COMMIT");
        _findEntity = Prepare("SELECT h.entity, h.highest, h.last FROM entities e JOIN heads h ON h.entity = e.id WHERE e.name = ?1");
        _addEntity = Prepare("INSERT INTO entities (name) VALUES (?1) RETURNING id");
        _addHead = Prepare("INSERT INTO heads (entity, highest, last, trimmed) VALUES (?1, 0, 0, 0)");
        _moveHead = Prepare("UPDATE heads SET highest = ?3, last = ?4 WHERE entity = ?1 AND highest = ?2");
        _addEvent = Prepare(
            "INSERT INTO events (ordinal, entity, sequence, back, manifest, time, checksum, payload) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
        _findManifest = Prepare("SELECT id FROM manifests WHERE name = ?1 AND version = ?2");
        _addManifest = Prepare("INSERT INTO manifests (name, version) VALUES (?1, ?2) RETURNING id");
        _putSnapshot = Prepare(
            """
            INSERT INTO snapshots (entity, sequence, manifest, time, checksum, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            ON CONFLICT (entity) DO UPDATE SET sequence = ?2, manifest = ?3, time = ?4, checksum = ?5, state = ?6 WHERE sequence <= ?2
            """);
        _deleteEvent = Prepare("DELETE FROM events WHERE ordinal = ?1");
        _markTrimmed = Prepare("UPDATE heads SET trimmed = max(trimmed, ?2) WHERE entity = ?1");
        // The newest key stays taken, so that none is ever given twice: readers remember names by it.
        _findFinished = Prepare(
            """
            SELECT e.name FROM heads h JOIN entities e ON e.id = h.entity
            WHERE h.entity = ?1 AND h.highest = ?2 AND h.entity < (SELECT max(id) FROM entities)
            """);
        _findBack = Prepare("SELECT back FROM events WHERE ordinal = ?1 AND entity = ?2");
        _deleteHead = Prepare("DELETE FROM heads WHERE entity = ?1");
        _deleteSnapshot = Prepare("DELETE FROM snapshots WHERE entity = ?1");
        _deleteEntity = Prepare("DELETE FROM entities WHERE id = ?1");
        _lastOrdinal = _durableOrdinal = database.ReadInt64(
            "SELECT max(coalesce((SELECT max(ordinal) FROM events), 0), coalesce((SELECT max(last) FROM heads), 0))");
    }

    /// <summary>SQLite's level of <c>synchronous</c> on this connection: 2 is FULL.</summary>
    public long Synchronous => _database.ReadInt64("PRAGMA synchronous");

    /// <summary>Ordinal of the last event that is durable.</summary>
    public long DurableOrdinal => Volatile.Read(ref _durableOrdinal);

    /// <summary>Pages of the file that nothing lies in.</summary>
    public long FreePages => _database.ReadInt64("PRAGMA freelist_count");

    /// <summary>Pages of the file that something lies in.</summary>
    public long UsedPages => _database.ReadInt64("PRAGMA page_count") - FreePages;

    public void Begin() => _begin.Run();

    /// <summary>Makes everything since <see cref="Begin"/> durable.</summary>
    /// <returns>Pages written.</returns>
    public int Commit()
    {
        _commit.Run();
        Volatile.Write(ref _durableOrdinal, _lastOrdinal);
        return _database.TakePagesWritten();
    }

    /// <summary>Undoes everything since <see cref="Begin"/>.</summary>
    public void Rollback()
    {
        foreach (SqliteStatement statement in _statements) statement.Reset();
        if (_database.InTransaction) _database.Execute("ROLLBACK");
        _heads.Clear();
        _manifests.Clear();
        _lastOrdinal = _durableOrdinal;
    }

    /// <summary>Writes the request's events, or nothing if its first sequence number is not the entity's next.</summary>
    /// <returns>Bytes of the payloads, or -1 on a conflict.</returns>
    public long Append(AppendRequest request, long time)
    {
        string name = request.PersistenceId;
        long before = request.FirstSequenceNumber - 1;
        EntityHead? head = Find(name);
        if (before != (head?.Highest ?? 0)) return -1;
        head ??= Create(name);

        int count = request.Count;
        long last = _lastOrdinal + count;
        _moveHead.Bind(1, head.Entity);
        _moveHead.Bind(2, before);
        _moveHead.Bind(3, before + count);
        _moveHead.Bind(4, last);
        _moveHead.Run();
        if (_database.Changes == 0)
        {
            // Someone else moved the head: what is remembered of it is out of date.
            _heads.Remove(name);
            return -1;
        }

        long bytes = 0;
        for (int i = 0; i < count; i++)
        {
            EventData data = request[i];
            Add(head, ++_lastOrdinal, data, time);
            bytes += data.Payload.Length;
        }
        return bytes;
    }

    /// <summary>Keeps the snapshot unless a newer one is there; one of an entity without events is not kept.</summary>
    public void Put(StoredSnapshot snapshot, long time)
    {
        if (Find(snapshot.PersistenceId) is not EntityHead head) return;
        long manifest = Manifest(snapshot.State.Manifest, snapshot.State.Version);
        ReadOnlySpan<byte> state = snapshot.State.Payload.Span;
        _putSnapshot.Bind(1, head.Entity);
        _putSnapshot.Bind(2, snapshot.SequenceNumber);
        _putSnapshot.Bind(3, manifest);
        _putSnapshot.Bind(4, time);
        _putSnapshot.Bind(5, EventChecksum.OfSnapshot(head.Entity, snapshot.SequenceNumber, manifest, state));
        _putSnapshot.Bind(6, state);
        _putSnapshot.Run();
    }

    /// <summary>Deletes one event and remembers up to where its entity's events are gone.</summary>
    public void Trim(long ordinal, long entity, long sequence)
    {
        _deleteEvent.Bind(1, ordinal);
        _deleteEvent.Run();
        _markTrimmed.Bind(1, entity);
        _markTrimmed.Bind(2, sequence);
        _markTrimmed.Run();
    }

    /// <summary>Deletes an entity that is over: its events, its snapshot, its head and its name.</summary>
    /// <param name="entity">The entity.</param>
    /// <param name="ordinal">Ordinal of its last event.</param>
    /// <param name="sequence">Sequence number of its last event; where it has a later one, nothing is deleted.</param>
    /// <returns>How many events were deleted.</returns>
    public int Forget(long entity, long ordinal, long sequence)
    {
        _findFinished.Bind(1, entity);
        _findFinished.Bind(2, sequence);
        string? name = _findFinished.Step() ? _findFinished.Text(0) : null;
        _findFinished.Reset();
        if (name is null) return 0;
        int deleted = 0;
        for (long back = 1; back > 0 && TryFindBack(ordinal, entity, out back); ordinal -= back)
        {
            _deleteEvent.Bind(1, ordinal);
            _deleteEvent.Run();
            deleted++;
        }
        foreach (SqliteStatement delete in (ReadOnlySpan<SqliteStatement>)[_deleteSnapshot, _deleteHead, _deleteEntity])
        {
            delete.Bind(1, entity);
            delete.Run();
        }
        _heads.Remove(name);
        return deleted;
    }

    /// <summary>Gives free pages at the file's end back to the disk.</summary>
    public void Shrink(int pages) => _database.Execute($"PRAGMA incremental_vacuum({pages})");

    /// <inheritdoc cref="SqliteDatabase.CheckpointPassive"/>
    public (int Logged, int Copied) CheckpointPassive() => _database.CheckpointPassive();

    public void Dispose()
    {
        foreach (SqliteStatement statement in _statements) statement.Dispose();
        _database.Dispose();
    }

    private void Add(EntityHead head, long ordinal, EventData data, long time)
    {
        long sequence = head.Highest + 1;
        long back = head.Last == 0 ? 0 : ordinal - head.Last;
        long manifest = Manifest(data.Manifest, data.Version);
        ReadOnlySpan<byte> payload = data.Payload.Span;
        _addEvent.Bind(1, ordinal);
        _addEvent.Bind(2, head.Entity);
        _addEvent.Bind(3, sequence);
        _addEvent.Bind(4, back);
        _addEvent.Bind(5, manifest);
        _addEvent.Bind(6, time);
        _addEvent.Bind(7, EventChecksum.OfEvent(ordinal, head.Entity, sequence, back, manifest, time, payload));
        _addEvent.Bind(8, payload);
        _addEvent.Run();
        head.Highest = sequence;
        head.Last = ordinal;
    }

    private bool TryFindBack(long ordinal, long entity, out long back)
    {
        _findBack.Bind(1, ordinal);
        _findBack.Bind(2, entity);
        bool found = _findBack.Step();
        back = found ? _findBack.Int64(0) : 0;
        _findBack.Reset();
        return found;
    }

    private EntityHead? Find(string name)
    {
        if (_heads.TryGet(name, out EntityHead? head)) return head;
        _findEntity.Bind(1, name);
        if (_findEntity.Step())
        {
            head = new EntityHead(_findEntity.Int64(0), _findEntity.Int64(1), _findEntity.Int64(2));
            _heads.Add(name, head);
        }
        _findEntity.Reset();
        return head;
    }

    private EntityHead Create(string name)
    {
        _addEntity.Bind(1, name);
        _addEntity.Step();
        long entity = _addEntity.Int64(0);
        _addEntity.Reset();
        _addHead.Bind(1, entity);
        _addHead.Run();
        var head = new EntityHead(entity, 0, 0);
        _heads.Add(name, head);
        return head;
    }

    private long Manifest(string name, int version)
    {
        if (_manifests.TryGetValue((name, version), out long manifest)) return manifest;
        manifest = FindOrAddManifest(name, version);
        _manifests.Add((name, version), manifest);
        return manifest;
    }

    private long FindOrAddManifest(string name, int version)
    {
        foreach (SqliteStatement statement in (ReadOnlySpan<SqliteStatement>)[_findManifest, _addManifest])
        {
            statement.Bind(1, name);
            statement.Bind(2, version);
            bool found = statement.Step();
            long manifest = found ? statement.Int64(0) : 0;
            statement.Reset();
            if (found) return manifest;
        }
        throw new InvalidOperationException($"the manifest {name} got no key");
    }

    private SqliteStatement Prepare(string sql)
    {
        SqliteStatement statement = _database.Prepare(sql);
        _statements.Add(statement);
        return statement;
    }
}
