using System.Text;

namespace QTrade.Node.Journal;

/// <summary>
/// Makes a sound journal out of one whose tables no longer hold together: every event and snapshot whose checksum proves it, from whatever
/// page it lies on, goes into a new file; names of entities and manifests stand in a table and in its index, so that no single page takes
/// them away. The damaged file is kept beside it.
/// </summary>
internal sealed class JournalRebuild : IDisposable
{
    private const int ColumnsMax = 8;

    private static readonly Encoding StrictUtf8 = new UTF8Encoding(false, throwOnInvalidBytes: true);

    private readonly SqliteDatabase _database;
    private readonly SqliteStatement _event, _snapshot, _head, _entity, _manifest;
    private readonly SqliteColumn[] _columns = new SqliteColumn[ColumnsMax];
    private long _facts;

    private JournalRebuild(SqliteDatabase database)
    {
        _database = database;
        _event = database.Prepare("INSERT OR IGNORE INTO events VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
        _snapshot = database.Prepare(
            """
            INSERT INTO snapshots VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (entity)
            DO UPDATE SET sequence = ?2, manifest = ?3, time = ?4, checksum = ?5, state = ?6 WHERE sequence < ?2
            """);
        _head = database.Prepare(
            """
            INSERT INTO heads VALUES (?1, ?2, ?3, ?4) ON CONFLICT (entity)
            DO UPDATE SET highest = max(highest, ?2), last = max(last, ?3), trimmed = max(trimmed, ?4)
            """);
        _entity = database.Prepare("INSERT OR IGNORE INTO entities VALUES (?1, ?2)");
        _manifest = database.Prepare("INSERT OR IGNORE INTO manifests VALUES (?1, ?2, ?3)");
    }

    /// <summary>Whether the journal at <paramref name="path"/> no longer holds together as its writer and a scan need it.</summary>
    /// <remarks>
    /// Nobody may have it open: its pages are read past SQLite at the end, and closing a file gives up every lock that this process holds
    /// on it, SQLite's own among them.
    /// </remarks>
    public static bool IsNeeded(string path)
    {
        long root;
        try
        {
            using SqliteDatabase database = SqliteDatabase.Open(path, create: false);
            database.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
            foreach (string table in (string[])["entities", "manifests", "heads", "snapshots"])
                if (database.ReadText($"PRAGMA integrity_check('{table}')") != "ok") return true;

            // The page at the end is where the next event goes.
            database.ReadInt64("SELECT length(payload) FROM events ORDER BY ordinal DESC LIMIT 1");
            root = database.ReadInt64("SELECT rootpage FROM sqlite_schema WHERE name = 'events'");
        }
        catch (SqliteFailureException failure) when (failure.IsCorrupt)
        {
            return true;
        }
        using var pages = new SqlitePages(path);
        return !pages.LeadsToItsLeaves(root);
    }

    /// <summary>Rebuilds the journal at <paramref name="path"/>, which nobody has open.</summary>
    /// <param name="path">The journal's file.</param>
    /// <param name="source">The file that its pages are read from: itself, or a copy with more of them.</param>
    /// <param name="keptAs">Where the damaged file goes.</param>
    /// <param name="isJournal">Whether the file is known for a journal even if it holds no fact.</param>
    /// <returns>The stretches of ordinals that were lost, or null if nothing in the file is a journal's: then it is left as it is.</returns>
    /// <exception cref="SqliteFailureException">The new file cannot be written.</exception>
    public static List<(long From, long To)>? Run(string path, string source, string keptAs, bool isJournal)
    {
        string fresh = path + ".rebuilt";
        Remove(fresh);
        List<(long, long)> lost;
        using (SqliteDatabase database = SqliteDatabase.Open(fresh, create: true))
        {
            JournalSchema.Prepare(database, fresh);
            database.Execute("BEGIN");
            using (var rebuild = new JournalRebuild(database))
            {
                using (var pages = new SqlitePages(source)) pages.ReadRecords(rebuild.Take);
                isJournal |= rebuild._facts > 0;
                rebuild.Complete();
                lost = rebuild.Lost();
                database.Execute("COMMIT");
            }
        }
        if (!isJournal)
        {
            Remove(fresh);
            return null;
        }
        // What follows may end at any step: the next start puts the rebuilt file in its place, and tells by the marker what was lost.
        JournalDamage.Mark(path, "rebuilt");
        Move(fresh, ReadyAt(path));
        PutInPlace(path, keptAs);
        return lost;
    }

    /// <summary>Goes on where a start ended between taking the damaged file away and putting the rebuilt one in its place: an empty journal in between would have forgotten all, a halt among it.</summary>
    /// <param name="path">The journal's file, which nobody has open.</param>
    /// <param name="keptAs">Where a damaged file goes that is still there.</param>
    public static void GoOn(string path, string keptAs)
    {
        // A journal that stands there with nothing to rebuild was put there by somebody since.
        if (IsInterrupted(path) && (!File.Exists(path) || File.Exists(JournalDamage.MarkerOf(path)))) PutInPlace(path, keptAs);
    }

    /// <summary>Whether a rebuilt journal waits beside its place.</summary>
    public static bool IsInterrupted(string path) => File.Exists(ReadyAt(path));

    private static string ReadyAt(string path) => path + ".ready";

    private static void PutInPlace(string path, string keptAs)
    {
        Move(path, keptAs);
        Move(path + "-wal", keptAs + "-wal");
        File.Delete(path + "-shm");
        Move(ReadyAt(path), path);
    }

    public void Dispose()
    {
        foreach (SqliteStatement statement in (SqliteStatement[])[_event, _snapshot, _head, _entity, _manifest]) statement.Dispose();
    }

    private static void Move(string from, string to)
    {
        if (File.Exists(from)) File.Move(from, to, overwrite: true);
    }

    private static void Remove(string path)
    {
        foreach (string suffix in (string[])["", "-wal", "-shm"]) File.Delete(path + suffix);
    }

    /// <summary>Takes a record into the table whose shape it has.</summary>
    private void Take(bool isTable, long rowId, ReadOnlySpan<byte> record)
    {
        int count = SqliteRecord.Read(record, _columns);
        Span<char> shape = stackalloc char[ColumnsMax];
        for (int i = 0; i < count; i++) shape[i] = Letter(_columns[i].Kind);
        string kind = new(shape[..count]);
        if (isTable)
        {
            if (kind == "-iiiiiib") TakeEvent(rowId, record);
            else if (kind == "-iiiib") TakeSnapshot(rowId, record);
            else if (kind == "-iii") Insert(_head, rowId, _columns[1].Integer, _columns[2].Integer, _columns[3].Integer);
            else if (kind == "-ti") TakeName(_manifest, rowId, 1, record, _columns[2].Integer);
            else if (kind == "-t") TakeName(_entity, rowId, 1, record, null);
        }
        else if (kind == "tii") TakeName(_manifest, _columns[2].Integer, 0, record, _columns[1].Integer);
        else if (kind == "ti") TakeName(_entity, _columns[1].Integer, 0, record, null);
    }

    private static char Letter(SqliteColumnKind kind) => kind switch
    {
        SqliteColumnKind.Null => '-',
        SqliteColumnKind.Integer => 'i',
        SqliteColumnKind.Text => 't',
        SqliteColumnKind.Blob => 'b',
        _ => '?',
    };

    private void TakeEvent(long ordinal, ReadOnlySpan<byte> record)
    {
        ReadOnlySpan<byte> payload = record.Slice(_columns[7].Offset, _columns[7].Length);
        uint checksum = EventChecksum.OfEvent(
            ordinal, _columns[1].Integer, _columns[2].Integer, _columns[3].Integer, _columns[4].Integer, _columns[5].Integer, payload);
        if (checksum != _columns[6].Integer) return;
        _facts++;
        _event.Bind(8, payload);
        Insert(
            _event, ordinal, _columns[1].Integer, _columns[2].Integer, _columns[3].Integer, _columns[4].Integer, _columns[5].Integer,
            _columns[6].Integer);
    }

    private void TakeSnapshot(long entity, ReadOnlySpan<byte> record)
    {
        ReadOnlySpan<byte> state = record.Slice(_columns[5].Offset, _columns[5].Length);
        if (EventChecksum.OfSnapshot(entity, _columns[1].Integer, _columns[2].Integer, state) != _columns[4].Integer) return;
        _facts++;
        _snapshot.Bind(6, state);
        Insert(_snapshot, entity, _columns[1].Integer, _columns[2].Integer, _columns[3].Integer, _columns[4].Integer);
    }

    private void TakeName(SqliteStatement statement, long id, int column, ReadOnlySpan<byte> record, long? version)
    {
        try
        {
            statement.Bind(2, StrictUtf8.GetString(record.Slice(_columns[column].Offset, _columns[column].Length)));
        }
        catch (DecoderFallbackException)
        {
            return;
        }
        if (version is long known) statement.Bind(3, known);
        Insert(statement, id);
    }

    private static void Insert(SqliteStatement statement, params ReadOnlySpan<long> values)
    {
        for (int i = 0; i < values.Length; i++) statement.Bind(i + 1, values[i]);
        statement.Run();
    }

    /// <summary>Gives what lost its name or its head one again, told by the events and snapshots that are there.</summary>
    private void Complete() => _database.Execute(
        """
        INSERT INTO heads SELECT e.entity, max(e.sequence), max(e.ordinal),
            CASE WHEN coalesce((SELECT s.sequence FROM snapshots s WHERE s.entity = e.entity), 0) >= min(e.sequence) - 1
                THEN min(e.sequence) - 1 ELSE 0 END
            FROM events e GROUP BY e.entity
            ON CONFLICT (entity) DO UPDATE SET highest = max(highest, excluded.highest), last = max(last, excluded.last);
        INSERT INTO heads SELECT s.entity, s.sequence, 0, s.sequence FROM snapshots s WHERE true
            ON CONFLICT (entity) DO UPDATE SET highest = max(highest, excluded.highest);
        INSERT OR IGNORE INTO entities SELECT entity, 'lost-entity-' || entity FROM heads;
        INSERT OR IGNORE INTO manifests SELECT DISTINCT manifest, 'lost-manifest-' || manifest, 1 FROM events;
        INSERT OR IGNORE INTO manifests SELECT DISTINCT manifest, 'lost-manifest-' || manifest, 1 FROM snapshots;
        """);

    /// <summary>
    /// Stretches between the events there are into which a link leads from an event or a head: what retention dropped has no such link
    /// from anything newer than it.
    /// </summary>
    private List<(long From, long To)> Lost()
    {
        using SqliteStatement missing = _database.Prepare(
            """
            SELECT e.ordinal - e.back AS target FROM events e JOIN heads h ON h.entity = e.entity
                WHERE e.back > 0 AND e.sequence - 1 > h.trimmed AND NOT EXISTS (SELECT 1 FROM events p WHERE p.ordinal = e.ordinal - e.back)
            UNION SELECT h.last FROM heads h
                WHERE h.last > 0 AND h.highest > h.trimmed AND NOT EXISTS (SELECT 1 FROM events p WHERE p.ordinal = h.last)
            ORDER BY target
            """);
        using SqliteStatement around = _database.Prepare(
            """
            SELECT coalesce((SELECT max(ordinal) FROM events WHERE ordinal < ?1), 0) + 1,
                coalesce((SELECT min(ordinal) FROM events WHERE ordinal > ?1), (SELECT max(last) FROM heads) + 1) - 1
            """);
        var lost = new List<(long From, long To)>();
        while (missing.Step())
        {
            long target = missing.Int64(0);
            if (lost.Count > 0 && target <= lost[^1].To) continue;
            around.Bind(1, target);
            around.Step();
            lost.Add((around.Int64(0), around.Int64(1)));
            around.Reset();
        }
        return lost;
    }
}
