using System.Data;
using Npgsql;
using QTrade.Actors.Journal;
using QTrade.Node.Journal.Copying;

namespace QTrade.Node.Journal.Postgres;

/// <summary>
/// Reads events page by page. No connection is held while a page is being used, so that a long replay keeps the database from nothing and
/// many recoveries at once wait for their turn instead of for each other.
/// </summary>
internal sealed class PostgresReader(PostgresServer server, PostgresJournalOptions options, JournalLosses losses) : IDisposable
{
    private const int PageRowsMin = 16, PageRowsFirst = 256, PageRowsMax = 4_096;

    /// <summary>Bytes of payload that a page is meant to hold at most; the first pages find out what a row takes.</summary>
    private const long PageBytes = 4L << 20;

    private readonly PostgresSql _sql = new(server.Schema);
    private readonly SemaphoreSlim _turns = new(options.ReadersMax);
    private readonly Lock _gate = new();
    private Dictionary<int, (string Name, int Version)> _manifests = [];

    public long LastOrdinal => Scalar(_sql.LastOrdinal);

    /// <summary>Events after an ordinal, as they are when the first is asked for.</summary>
    public IEnumerable<StoredEvent> After(long afterOrdinal)
    {
        long end = LastOrdinal;
        return Kept(afterOrdinal, end).Select(kept => kept.Stored);
    }

    /// <summary>All that the journal holds now.</summary>
    public JournalContents Contents()
    {
        long end = LastOrdinal;
        List<KeptHead> heads = Use(_sql.AllHeads, command => command, rows =>
        {
            var found = new List<KeptHead>();
            while (rows.Read()) found.Add(new KeptHead(rows.GetString(0), rows.GetInt64(1), rows.GetInt64(2), rows.GetInt64(3)));
            return found;
        });
        return new JournalContents(end, heads, Kept(0, end), heads.Select(head => FindSnapshot(head.Name, out _)).OfType<KeptSnapshot>());
    }

    /// <summary>Events of one entity after a sequence number.</summary>
    public IEnumerable<StoredEvent> Of(string name, long afterSequence) =>
        Pages(_sql.PageOf, afterSequence, row => row.Sequence, (command, after) => command.With(name).With(after)).Select(kept => kept.Stored);

    /// <summary>The entity's highest sequence number, 0 if it is unknown.</summary>
    public long Highest(string name) => Use(_sql.Head, command => command.With(name), rows => rows.Read() ? rows.GetInt64(1) : 0);

    /// <summary>Names that begin so, of entities without an event after the ordinal, in their order.</summary>
    public List<string> QuietSince(string prefix, long ordinal) => Use(
        _sql.QuietSince,
        command => command.With(prefix).With(Behind(prefix)).With(ordinal),
        rows =>
        {
            var names = new List<string>();
            while (rows.Read()) names.Add(rows.GetString(0));
            return names;
        });

    /// <summary>Events of entities whose names begin so that are there and in no snapshot.</summary>
    public long EventsBeyondSnapshots(string prefix) =>
        Use(_sql.EventsBeyondSnapshots, command => command.With(prefix).With(Behind(prefix)), rows => rows.Read() ? rows.GetInt64(0) : 0);

    /// <summary>The entity's snapshot.</summary>
    /// <param name="name">The entity.</param>
    /// <param name="damaged">Whether there is one that does not read back as it was written.</param>
    public StoredSnapshot? Snapshot(string name, out bool damaged) => FindSnapshot(name, out damaged)?.Stored;

    private KeptSnapshot? FindSnapshot(string name, out bool damaged)
    {
        (long Sequence, int Manifest, long Time, byte[]? State) found = Use(_sql.Snapshot, command => command.With(name), rows =>
        {
            if (!rows.Read()) return default;
            (long entity, long sequence, int manifest) = (rows.GetInt64(0), rows.GetInt64(1), rows.GetInt32(2));
            byte[] state = rows.GetFieldValue<byte[]>(5);
            bool sound = rows.GetInt64(4) == EventChecksum.OfSnapshot(entity, sequence, manifest, state);
            return (sequence, manifest, rows.GetInt64(3), sound ? state : null);
        });
        damaged = found is { Sequence: > 0, State: null };
        if (found.State is null || Manifest(found.Manifest) is not { } shape) return null;
        return new KeptSnapshot(new StoredSnapshot(name, found.Sequence, new EventData(shape.Name, shape.Version, found.State)), found.Time);
    }

    public long Scalar(string sql) => Use(sql, command => command, rows => rows.Read() ? rows.GetInt64(0) : 0);

    /// <summary>Runs one statement on a connection of the pool, waiting for its turn.</summary>
    public T Use<T>(string sql, Func<NpgsqlCommand, NpgsqlCommand> bind, Func<NpgsqlDataReader, T> read)
    {
        _turns.Wait();
        try
        {
            using NpgsqlConnection connection = server.Rent();
            using var command = new NpgsqlCommand(sql, connection);
            bind(command);
            try
            {
                return PostgresFailureException.Guard(() =>
                {
                    using NpgsqlDataReader rows = command.ExecuteReader();
                    return read(rows);
                });
            }
            catch (PostgresFailureException) when (connection.State != ConnectionState.Open)
            {
                // What else waits in the pool has most likely ended with it: each would take as long again to find that out.
                NpgsqlConnection.ClearPool(connection);
                throw;
            }
        }
        finally
        {
            _turns.Release();
        }
    }

    public void Dispose() => _turns.Dispose();

    private IEnumerable<KeptEvent> Kept(long afterOrdinal, long end) =>
        Pages(_sql.Page, afterOrdinal, row => row.Ordinal, (command, after) => command.With(after).With(end));

    private IEnumerable<KeptEvent> Pages(string sql, long after, Func<Row, long> place, Func<NpgsqlCommand, long, NpgsqlCommand> bind)
    {
        int most = PageRowsFirst;
        while (true)
        {
            List<Row> page = Use(sql, command => bind(command, after).With(most), ReadPage);
            foreach (Row row in page)
            {
                after = place(row);
                if (TryDecode(row, out StoredEvent stored)) yield return new KeptEvent(stored, row.Time);
                else losses.Add(row.Ordinal, row.Ordinal, () => [new LostEvents(row.Name ?? $"entity {row.Entity}", row.Sequence, row.Sequence)]);
            }
            if (page.Count < most) yield break;
            long bytes = page.Sum(row => (long)row.Payload.Length) + 1;
            most = (int)Math.Clamp(PageBytes * page.Count / bytes, PageRowsMin, PageRowsMax);
        }
    }

    /// <summary>What lies behind every name that begins so.</summary>
    private static string Behind(string prefix) => prefix + char.ConvertFromUtf32(0x10FFFF);

    private static List<Row> ReadPage(NpgsqlDataReader rows)
    {
        var page = new List<Row>();
        while (rows.Read())
        {
            page.Add(new Row(
                rows.GetInt64(0), rows.GetInt64(1), rows.GetInt64(2), rows.GetInt32(3), rows.GetInt64(4), rows.GetInt64(5),
                rows.GetFieldValue<byte[]>(6), rows.IsDBNull(7) ? null : rows.GetString(7)));
        }
        return page;
    }

    private bool TryDecode(in Row row, out StoredEvent stored)
    {
        stored = default;
        if (row.Name is null || row.Checksum != EventChecksum.OfEvent(row.Ordinal, row.Entity, row.Sequence, 0, row.Manifest, row.Time, row.Payload)
            || Manifest(row.Manifest) is not { } shape) return false;
        stored = new StoredEvent(row.Ordinal, row.Name, row.Sequence, new EventData(shape.Name, shape.Version, row.Payload));
        return true;
    }

    private (string Name, int Version)? Manifest(int id)
    {
        lock (_gate)
        {
            if (_manifests.TryGetValue(id, out (string, int) known)) return known;
            _manifests = Use(_sql.Manifests, command => command, rows =>
            {
                var manifests = new Dictionary<int, (string, int)>();
                while (rows.Read()) manifests.Add(rows.GetInt32(0), (rows.GetString(1), rows.GetInt32(2)));
                return manifests;
            });
            return _manifests.TryGetValue(id, out known) ? known : null;
        }
    }

    private readonly record struct Row(
        long Ordinal, long Entity, long Sequence, int Manifest, long Time, long Checksum, byte[] Payload, string? Name);
}
