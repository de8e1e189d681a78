using Npgsql;
using QTrade.Actors.Journal;

namespace QTrade.Node.Journal.Postgres;

/// <summary>
/// Writes groups to PostgreSQL. A group takes the schema's advisory lock before it looks at anything, so that the order of ordinals is the
/// order of commits over all nodes, and it learns where the global order and its entities end from the database, never from memory: an entity
/// that another node writes to has moved on, which is the conflict that fences this node.
/// </summary>
internal sealed class PostgresGroupStore : IGroupStore
{
    private static readonly TimeSpan WritersRemembered = TimeSpan.FromDays(1);

    private readonly PostgresServer _server;
    private readonly PostgresSql _sql;
    private readonly bool _alone;
    private readonly string _name;
    private readonly TimeProvider _time;
    private readonly ReconnectBackoff _backoff;
    private readonly Guid _writer = Guid.NewGuid();
    private readonly Dictionary<(string Name, int Version), int> _manifests = [];
    private PostgresSession? _session;
    private string _lastFailure = "";
    private long _commits;
    private GroupWritten _inDoubt;

    public PostgresGroupStore(PostgresServer server, PostgresJournalOptions options, TimeProvider time)
    {
        _server = server;
        _sql = new PostgresSql(server.Schema);
        _alone = options.Alone;
        _time = time;
        _name = $"process {Environment.ProcessId} on {Environment.MachineName}";
        _backoff = new ReconnectBackoff(options, time, BitConverter.ToInt32(_writer.ToByteArray()));
    }

    /// <summary>Connects and says that this node writes.</summary>
    /// <exception cref="PostgresFailureException">It cannot; where another node writes to a journal that is to be this one's alone, its message names it.</exception>
    public void Open() => _ = Session();

    public GroupWritten Write(
        ReadOnlySpan<AppendRequest> appends, Span<bool> conflicts, IReadOnlyCollection<StoredSnapshot> snapshots, long time)
    {
        PostgresSession session = Session();
        (long last, Dictionary<string, EntityHead> heads) = Begin(session, appends, snapshots);
        AddUnknown(session, appends, heads);

        var group = new PostgresGroup();
        for (int i = 0; i < appends.Length; i++)
        {
            AppendRequest request = appends[i];
            conflicts[i] = !heads.TryGetValue(request.PersistenceId, out EntityHead? head) || head.Highest != request.FirstSequenceNumber - 1;
            if (conflicts[i]) continue;
            for (int j = 0; j < request.Count; j++)
            {
                EventData data = request[j];
                group.Add(head!, ++last, Manifest(session, data), time, data.Payload);
            }
        }
        Commit(session, group, last, Puts(session, snapshots, heads, time), time);
        return _inDoubt;
    }

    public void Undo(bool full)
    {
        _manifests.Clear();
        // On a connection that does not answer a rollback would wait as long again: closing it undoes as much.
        if (full) _session?.Rollback();
        if (full && _session is { IsOpen: true }) return;
        _session?.Dispose();
        _session = null;
    }

    public GroupWritten? TookEffect()
    {
        long wanted = _commits + 1;
        // Registering waits for the lock, which the transaction in doubt holds for as long as it may still commit.
        _ = Session();
        return _commits >= wanted ? _inDoubt : null;
    }

    public void Rest()
    {
    }

    public void Dispose()
    {
        try
        {
            if (_session is not null) _session.Scalar(_sql.Unregister, _writer);
        }
        catch (PostgresFailureException)
        {
            // The row says nothing once its connection is gone.
        }
        _session?.Dispose();
    }

    private PostgresSession Session()
    {
        if (_session is not null) return _session;
        if (_backoff.Left > TimeSpan.Zero) throw new PostgresFailureException(_lastFailure);
        PostgresSession? session = null;
        try
        {
            session = _server.Connect();
            // Only once it is registered: what was read before that would have a commit in doubt asked for as if another had followed it.
            _commits = Register(session);
            _backoff.Succeeded();
            return _session = session;
        }
        catch (PostgresFailureException failure)
        {
            session?.Dispose();
            _backoff.Failed();
            _lastFailure = failure.Message;
            throw;
        }
    }

    /// <returns>How many commits of this writer took effect.</returns>
    private long Register(PostgresSession session)
    {
        long now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        session.Begin();
        session.Execute(_sql.Lock);
        if (_alone && PostgresWriters.Live(session, _sql, _writer) is [var other, ..])
        {
            session.Rollback();
            throw new PostgresFailureException($"{_server.Location} belongs to another node ({other}): stop it, or name another schema with qtrade.journal.schema");
        }
        session.Scalar(_sql.ForgetWriters, now - (long)WritersRemembered.TotalMilliseconds);
        long commits = session.Scalar(_sql.Register, _writer, _name, now);
        session.Execute("COMMIT");
        session.Committed();
        return commits;
    }

    private (long Last, Dictionary<string, EntityHead> Heads) Begin(
        PostgresSession session, ReadOnlySpan<AppendRequest> appends, IReadOnlyCollection<StoredSnapshot> snapshots)
    {
        var names = new HashSet<string>(appends.Length);
        foreach (AppendRequest request in appends) names.Add(request.PersistenceId);
        foreach (StoredSnapshot snapshot in snapshots) names.Add(snapshot.PersistenceId);

        using NpgsqlBatch batch = session.Batch();
        batch.BatchCommands.Add(PostgresGroup.Command("BEGIN"));
        batch.BatchCommands.Add(PostgresGroup.Command(_sql.Lock));
        batch.BatchCommands.Add(PostgresGroup.Command(_sql.LastOrdinal));
        batch.BatchCommands.Add(PostgresGroup.Command(_sql.Heads).With(names.ToList()));
        session.Begun();
        return PostgresFailureException.Guard(() =>
        {
            using NpgsqlDataReader rows = batch.ExecuteReader();
            // The lock's own row first: one that says nothing.
            rows.NextResult();
            rows.Read();
            long last = rows.GetInt64(0);
            rows.NextResult();
            var heads = new Dictionary<string, EntityHead>(names.Count);
            while (rows.Read()) heads.Add(rows.GetString(0), new EntityHead(rows.GetInt64(1), rows.GetInt64(2), 0));
            return (last, heads);
        });
    }

    /// <summary>Gives keys to entities whose first event is in the group.</summary>
    private void AddUnknown(PostgresSession session, ReadOnlySpan<AppendRequest> appends, Dictionary<string, EntityHead> heads)
    {
        var unknown = new HashSet<string>();
        foreach (AppendRequest request in appends)
            if (request.FirstSequenceNumber == 1 && !heads.ContainsKey(request.PersistenceId)) unknown.Add(request.PersistenceId);
        if (unknown.Count == 0) return;
        using NpgsqlBatch batch = session.Batch();
        batch.BatchCommands.Add(PostgresGroup.Command(_sql.AddEntities).With(unknown.ToList()));
        PostgresFailureException.Guard(() =>
        {
            using NpgsqlDataReader rows = batch.ExecuteReader();
            while (rows.Read()) heads.Add(rows.GetString(0), new EntityHead(rows.GetInt64(1), 0, 0));
            return true;
        });
    }

    private List<NpgsqlBatchCommand> Puts(
        PostgresSession session, IReadOnlyCollection<StoredSnapshot> snapshots, Dictionary<string, EntityHead> heads, long time)
    {
        var puts = new List<NpgsqlBatchCommand>();
        foreach (StoredSnapshot snapshot in snapshots)
            if (heads.TryGetValue(snapshot.PersistenceId, out EntityHead? head) && head.Highest > 0)
                puts.Add(PostgresGroup.Put(_sql, head, snapshot, Manifest(session, snapshot.State), time));
        return puts;
    }

    private void Commit(PostgresSession session, PostgresGroup group, long last, List<NpgsqlBatchCommand> puts, long time)
    {
        using NpgsqlBatch batch = session.Batch();
        group.Write(batch, _sql);
        foreach (NpgsqlBatchCommand put in puts) batch.BatchCommands.Add(put);
        if (group.Events > 0) batch.BatchCommands.Add(PostgresGroup.Command(_sql.MoveEnd).With(last).With(group.Bytes).With((long)group.Events));
        batch.BatchCommands.Add(PostgresGroup.Command(_sql.CountCommit).With(_writer).With(_commits + 1).With(time));
        batch.BatchCommands.Add(PostgresGroup.Command("COMMIT"));
        _inDoubt = new GroupWritten(group.Events, group.Bytes, 0);
        PostgresFailureException.Guard(batch.ExecuteNonQuery, commits: true);
        session.Committed();
        _commits++;
    }

    private int Manifest(PostgresSession session, EventData data) => PostgresManifests.FindOrAdd(session, _sql, _manifests, data);
}
