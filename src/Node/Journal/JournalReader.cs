using QTrade.Actors.Journal;
using QTrade.Node.Journal.Copying;

namespace QTrade.Node.Journal;

/// <summary>One reading connection. It sees the file as it was when its reading began, and holds no writer up.</summary>
internal sealed class JournalReader : IDisposable
{
    private const string EventColumns = "SELECT ordinal, entity, sequence, back, manifest, time, checksum, payload FROM events";

    /// <summary>Entities whose names are remembered; past it they are looked up afresh.</summary>
    private const int NamesMax = 65_536;

    private readonly SqliteDatabase _database;
    private readonly List<SqliteStatement> _statements = [];
    private readonly SqliteStatement _head, _snapshot, _name, _manifest, _event, _link, _from, _eventTime, _snapshotTime;
    private readonly Dictionary<long, string> _names = [];
    private readonly Dictionary<long, (string Name, int Version)> _manifests = [];

    public JournalReader(string path)
    {
        _database = SqliteDatabase.Open(path, create: false);
        _database.Execute("PRAGMA query_only=1; PRAGMA cache_size=-16384");
        _head = Prepare("SELECT h.entity, h.highest, h.last, h.trimmed FROM entities e JOIN heads h ON h.entity = e.id WHERE e.name = ?1");
        _snapshot = Prepare("SELECT entity, sequence, manifest, checksum, state FROM snapshots WHERE entity = ?1");
        _name = Prepare("SELECT name FROM entities WHERE id = ?1");
        _manifest = Prepare("SELECT name, version FROM manifests WHERE id = ?1");
        _event = Prepare($"{EventColumns} WHERE ordinal = ?1");
        _link = Prepare("SELECT sequence, back FROM events WHERE ordinal = ?1");
        _eventTime = Prepare("SELECT time FROM events WHERE ordinal = ?1");
        _snapshotTime = Prepare("SELECT time FROM snapshots WHERE entity = ?1");
        _from = Prepare($"{EventColumns} WHERE ordinal >= ?1 ORDER BY ordinal");
    }

    /// <summary>Fixes what this reader sees until <see cref="End"/>.</summary>
    public void Begin() => _database.Execute("BEGIN");

    /// <summary>Ends the reading that <see cref="Begin"/> began.</summary>
    public void End()
    {
        foreach (SqliteStatement statement in _statements) statement.Reset();
        if (_database.InTransaction) _database.Execute("ROLLBACK");
    }

    /// <summary>The entity's key, highest sequence number, last ordinal and the sequence number up to which its events were trimmed; zeros if unknown.</summary>
    public (long Entity, long Highest, long Last, long Trimmed) Head(string name)
    {
        _head.Bind(1, name);
        var head = _head.Step() ? (_head.Int64(0), _head.Int64(1), _head.Int64(2), _head.Int64(3)) : default;
        _head.Reset();
        return head;
    }

    /// <summary>Ordinal of the last event, 0 if there is none or the table is too damaged to tell.</summary>
    public long LastOrdinal
    {
        get
        {
            try
            {
                return ReadInt64("SELECT coalesce(max(ordinal), 0) FROM events");
            }
            catch (SqliteFailureException failure) when (failure.IsCorrupt)
            {
                return 0;
            }
        }
    }

    /// <summary>Names that begin so, of entities without an event after the ordinal, in their order.</summary>
    public List<string> QuietSince(string prefix, long ordinal)
    {
        // Names are in the order of their bytes, so those that begin alike lie together.
        using SqliteStatement find = PrepareOwned(
            """
            SELECT e.name FROM entities e JOIN heads h ON h.entity = e.id
            WHERE e.name >= ?1 AND substr(e.name, 1, length(?1)) = ?1 AND e.name < ?2 AND h.last <= ?3 ORDER BY e.name
            """);
        find.Bind(1, prefix);
        find.Bind(2, prefix + char.ConvertFromUtf32(0x10FFFF));
        find.Bind(3, ordinal);
        var names = new List<string>();
        while (find.Step()) names.Add(find.Text(0));
        return names;
    }

    /// <summary>Events of entities whose names begin so that are there and in no snapshot.</summary>
    public long EventsBeyondSnapshots(string prefix)
    {
        using SqliteStatement count = PrepareOwned(
            """
            SELECT coalesce(sum(max(0, h.highest - max(h.trimmed, coalesce(s.sequence, 0)))), 0)
            FROM entities e JOIN heads h ON h.entity = e.id LEFT JOIN snapshots s ON s.entity = e.id
            WHERE e.name >= ?1 AND substr(e.name, 1, length(?1)) = ?1 AND e.name < ?2
            """);
        count.Bind(1, prefix);
        count.Bind(2, prefix + char.ConvertFromUtf32(0x10FFFF));
        return count.Step() ? count.Int64(0) : 0;
    }

    /// <summary>The entity's snapshot.</summary>
    /// <param name="name">The entity.</param>
    /// <param name="damaged">Whether there is one that cannot be read.</param>
    public StoredSnapshot? Snapshot(string name, out bool damaged)
    {
        damaged = false;
        try
        {
            _snapshot.Bind(1, Head(name).Entity);
            if (!_snapshot.Step()) return null;
            long entity = _snapshot.Int64(0), sequence = _snapshot.Int64(1), manifest = _snapshot.Int64(2);
            byte[] state = _snapshot.Blob(4).ToArray();
            damaged = _snapshot.Int64(3) != EventChecksum.OfSnapshot(entity, sequence, manifest, state);
            if (damaged) return null;
            (string shape, int version) = Manifest(manifest);
            return new StoredSnapshot(name, sequence, new EventData(shape, version, state));
        }
        catch (SqliteFailureException failure) when (failure.IsCorrupt)
        {
            damaged = true;
            return null;
        }
        finally
        {
            _snapshot.Reset();
        }
    }

    /// <summary>Where every entity's events end, in the order of their keys.</summary>
    public List<KeptHead> Heads()
    {
        using SqliteStatement rows = PrepareOwned(
            "SELECT e.name, h.highest, h.last, h.trimmed FROM heads h JOIN entities e ON e.id = h.entity ORDER BY h.entity");
        var heads = new List<KeptHead>();
        while (rows.Step()) heads.Add(new KeptHead(rows.Text(0), rows.Int64(1), rows.Int64(2), rows.Int64(3)));
        return heads;
    }

    /// <summary>When the event with that ordinal was written, in milliseconds since 1970.</summary>
    public long TimeOf(long ordinal) => TimeOf(_eventTime, ordinal);

    /// <summary>When the entity's snapshot was written, in milliseconds since 1970.</summary>
    public long SnapshotTimeOf(string name) => TimeOf(_snapshotTime, Head(name).Entity);

    /// <summary>Starts a scan at the first event whose ordinal is at least <paramref name="ordinal"/>.</summary>
    public void Seek(long ordinal)
    {
        _from.Reset();
        _from.Bind(1, ordinal);
    }

    /// <summary>The scan's next row.</summary>
    /// <param name="after">The ordinal that the row must come after.</param>
    /// <param name="stored">The event, where one could be read.</param>
    /// <param name="ordinal">The row's ordinal, where there is a row.</param>
    public RowReading Next(long after, out StoredEvent stored, out long ordinal)
    {
        stored = default;
        ordinal = 0;
        try
        {
            if (!_from.Step()) return RowReading.End;
            ordinal = _from.Int64(0);
            if (ordinal <= after) return RowReading.PageDamaged;
            return TryDecode(_from, out stored) ? RowReading.Event : RowReading.EventDamaged;
        }
        catch (SqliteFailureException failure) when (failure.IsCorrupt)
        {
            return RowReading.PageDamaged;
        }
    }

    /// <summary>Whether a row with at least this ordinal can be reached, and which is the first.</summary>
    public RowReading Probe(long ordinal, out long found)
    {
        Seek(ordinal);
        RowReading reading = Next(ordinal - 1, out _, out found);
        _from.Reset();
        return reading;
    }

    /// <summary>The event with that ordinal.</summary>
    public RowReading Find(long ordinal, out StoredEvent stored)
    {
        stored = default;
        try
        {
            _event.Bind(1, ordinal);
            if (!_event.Step()) return RowReading.End;
            return TryDecode(_event, out stored) ? RowReading.Event : RowReading.EventDamaged;
        }
        catch (SqliteFailureException failure) when (failure.IsCorrupt)
        {
            return RowReading.PageDamaged;
        }
        finally
        {
            _event.Reset();
        }
    }

    /// <summary>The event's sequence number and how far back its entity's previous event lies; false if it cannot be read.</summary>
    public bool TryFollow(long ordinal, out long sequence, out long back)
    {
        (sequence, back) = (0, 0);
        try
        {
            _link.Bind(1, ordinal);
            if (!_link.Step()) return false;
            (sequence, back) = (_link.Int64(0), _link.Int64(1));
            return true;
        }
        catch (SqliteFailureException failure) when (failure.IsCorrupt)
        {
            return false;
        }
        finally
        {
            _link.Reset();
        }
    }

    /// <summary>A statement that its caller disposes.</summary>
    public SqliteStatement PrepareOwned(string sql) => _database.Prepare(sql);

    public long ReadInt64(string sql) => _database.ReadInt64(sql);

    /// <summary>The entity's name.</summary>
    /// <exception cref="SqliteFailureException">It cannot be read.</exception>
    public string Name(long entity)
    {
        if (_names.TryGetValue(entity, out string? name)) return name;
        _name.Bind(1, entity);
        name = _name.Step() ? _name.Text(0) : null;
        _name.Reset();
        if (name is null) throw new SqliteFailureException(SQLitePCL.raw.SQLITE_CORRUPT, 0, $"entity {entity} has no name");
        if (_names.Count == NamesMax) _names.Clear();
        _names.Add(entity, name);
        return name;
    }

    public void Dispose()
    {
        foreach (SqliteStatement statement in _statements) statement.Dispose();
        _database.Dispose();
    }

    private static long TimeOf(SqliteStatement statement, long key)
    {
        statement.Bind(1, key);
        long time = statement.Step() ? statement.Int64(0) : 0;
        statement.Reset();
        return time;
    }

    private bool TryDecode(SqliteStatement row, out StoredEvent stored)
    {
        long ordinal = row.Int64(0), entity = row.Int64(1), sequence = row.Int64(2), manifest = row.Int64(4);
        byte[] payload = row.Blob(7).ToArray();
        uint checksum = EventChecksum.OfEvent(ordinal, entity, sequence, row.Int64(3), manifest, row.Int64(5), payload);
        if (checksum != row.Int64(6))
        {
            stored = default;
            return false;
        }
        (string name, int version) = Manifest(manifest);
        stored = new StoredEvent(ordinal, Name(entity), sequence, new EventData(name, version, payload));
        return true;
    }

    private (string Name, int Version) Manifest(long manifest)
    {
        if (_manifests.TryGetValue(manifest, out (string, int) known)) return known;
        _manifest.Bind(1, manifest);
        bool found = _manifest.Step();
        known = found ? (_manifest.Text(0), (int)_manifest.Int64(1)) : default;
        _manifest.Reset();
        if (!found) throw new SqliteFailureException(SQLitePCL.raw.SQLITE_CORRUPT, 0, $"manifest {manifest} has no name");
        _manifests.Add(manifest, known);
        return known;
    }

    private SqliteStatement Prepare(string sql)
    {
        SqliteStatement statement = _database.Prepare(sql);
        _statements.Add(statement);
        return statement;
    }
}
