namespace QTrade.Node.Journal.Postgres;

/// <summary>The statements over one schema's tables.</summary>
/// <param name="schema">A name that <see cref="PostgresSchema.IsName"/> takes.</param>
internal sealed class PostgresSql(string schema)
{
    /// <summary>Marks the advisory locks of this program ("QTJR").</summary>
    private const int LockClass = 0x51544A52;

    /// <summary>Takes the one lock that every writer of the schema holds to the end of its transaction.</summary>
    public string Lock { get; } = $"SELECT pg_advisory_xact_lock({LockClass}, {(int)EventChecksum.OfText(schema)})";

    public string LastOrdinal { get; } = $"SELECT last FROM {schema}.journal";

    public string Manifests { get; } = $"SELECT id, name, version FROM {schema}.manifests";

    public string AddManifest { get; } = $"INSERT INTO {schema}.manifests (name, version) VALUES ($1, $2) RETURNING id";

    /// <summary>(text[]) to (name, id, highest), of those that are known.</summary>
    public string Heads { get; } = $"SELECT e.name, e.id, e.highest FROM unnest($1) n (name) JOIN {schema}.entities e ON e.name = n.name";

    /// <summary>(text[]) to (name, id).</summary>
    public string AddEntities { get; } =
        $"INSERT INTO {schema}.entities (name, highest, last, trimmed) SELECT n, 0, 0, 0 FROM unnest($1) n RETURNING name, id";

    /// <summary>(ordinals, entities, sequences, manifests, times, checksums, payloads).</summary>
    public string AddEvents { get; } =
        $"INSERT INTO {schema}.events (ordinal, entity, sequence, manifest, time, checksum, payload) SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7)";

    /// <summary>(entities, highest, last).</summary>
    public string MoveHeads { get; } =
        $"""
        UPDATE {schema}.entities e SET highest = n.highest, last = n.last
        FROM unnest($1, $2, $3) n (id, highest, last) WHERE e.id = n.id
        """;

    /// <summary>(entities, highest, last, trimmed).</summary>
    public string SetHeads { get; } =
        $"""
        UPDATE {schema}.entities e SET highest = n.highest, last = n.last, trimmed = n.trimmed
        FROM unnest($1, $2, $3, $4) n (id, highest, last, trimmed) WHERE e.id = n.id
        """;

    /// <summary>To (name, highest, last, trimmed), in the order of their keys.</summary>
    public string AllHeads { get; } = $"SELECT name, highest, last, trimmed FROM {schema}.entities ORDER BY id";

    /// <summary>(entity, sequence, manifest, time, checksum, state); a newer one that is there stays.</summary>
    public string PutSnapshot { get; } =
        $"""
        INSERT INTO {schema}.snapshots AS s (entity, sequence, manifest, time, checksum, state) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (entity) DO UPDATE
        SET sequence = excluded.sequence, manifest = excluded.manifest, time = excluded.time, checksum = excluded.checksum, state = excluded.state
        WHERE s.sequence <= excluded.sequence
        """;

    /// <summary>(ordinal of the last event, payload bytes added, events added).</summary>
    public string MoveEnd { get; } = $"UPDATE {schema}.journal SET last = $1, bytes = bytes + $2, events = events + $3";

    /// <summary>(writer, commits, now).</summary>
    public string CountCommit { get; } = $"UPDATE {schema}.writers SET commits = $2, seen = $3 WHERE id = $1";

    /// <summary>To (name, since) of the other writers with a live connection; (writer).</summary>
    public string LiveWriters { get; } =
        $"""
        SELECT w.name, w.since FROM {schema}.writers w JOIN pg_stat_activity a ON a.pid = w.pid AND a.backend_start = w.backend_start
        WHERE w.id <> $1 ORDER BY w.since
        """;

    /// <summary>Makes this connection the writer's; (writer, name, now) to its commits.</summary>
    public string Register { get; } =
        $"""
        INSERT INTO {schema}.writers AS w (id, name, since, seen, commits, pid, backend_start)
        SELECT $1, $2, $3, $3, 0, a.pid, a.backend_start FROM pg_stat_activity a WHERE a.pid = pg_backend_pid()
        ON CONFLICT (id) DO UPDATE
        SET seen = excluded.seen, pid = excluded.pid, backend_start = excluded.backend_start RETURNING w.commits
        """;

    public string Unregister { get; } = $"DELETE FROM {schema}.writers WHERE id = $1";

    /// <summary>Forgets writers that ended without a word long ago; (milliseconds since 1970).</summary>
    public string ForgetWriters { get; } =
        $"""
        DELETE FROM {schema}.writers w WHERE w.seen < $1
        AND NOT EXISTS (SELECT 1 FROM pg_stat_activity a WHERE a.pid = w.pid AND a.backend_start = w.backend_start)
        """;

    private static string Columns => "e.ordinal, e.entity, e.sequence, e.manifest, e.time, e.checksum, e.payload, n.name";

    /// <summary>(after ordinal, up to ordinal, rows).</summary>
    public string Page { get; } =
        $"""
        SELECT {Columns} FROM {schema}.events e LEFT JOIN {schema}.entities n ON n.id = e.entity
        WHERE e.ordinal > $1 AND e.ordinal <= $2 ORDER BY e.ordinal LIMIT $3
        """;

    /// <summary>(name, after sequence number, rows).</summary>
    public string PageOf { get; } =
        $"""
        SELECT {Columns} FROM {schema}.entities n JOIN {schema}.events e ON e.entity = n.id
        WHERE n.name = $1 AND e.sequence > $2 ORDER BY e.sequence LIMIT $3
        """;

    /// <summary>(name) to (entity, highest, last, trimmed).</summary>
    public string Head { get; } = $"SELECT id, highest, last, trimmed FROM {schema}.entities WHERE name = $1";

    /// <summary>(name) to (entity, sequence, manifest, time, checksum, state).</summary>
    public string Snapshot { get; } =
        $"""
        SELECT s.entity, s.sequence, s.manifest, s.time, s.checksum, s.state FROM {schema}.entities n
        JOIN {schema}.snapshots s ON s.entity = n.id WHERE n.name = $1
        """;

    /// <summary>(prefix, what lies behind every name that begins so, ordinal). Names are in the order of their bytes.</summary>
    public string QuietSince { get; } =
        $"""
        SELECT name FROM {schema}.entities
        WHERE name >= $1 AND name < $2 AND starts_with(name, $1) AND highest > 0 AND last <= $3 ORDER BY name
        """;

    /// <summary>(prefix, what lies behind every name that begins so).</summary>
    public string EventsBeyondSnapshots { get; } =
        $"""
        SELECT coalesce(sum(greatest(0, e.highest - greatest(e.trimmed, coalesce(s.sequence, 0)))), 0)::bigint
        FROM {schema}.entities e LEFT JOIN {schema}.snapshots s ON s.entity = e.id
        WHERE e.name >= $1 AND e.name < $2 AND starts_with(e.name, $1)
        """;

    public string UsedBytes { get; } =
        $"""
        SELECT j.bytes + j.events * {PostgresSchema.RowBytes}
            + (SELECT coalesce(sum(octet_length(state)), 0)::bigint FROM {schema}.snapshots) FROM {schema}.journal j
        """;

    /// <summary>(after ordinal, rows, final manifests) to what <see cref="RetentionPass"/> takes.</summary>
    public string Droppable { get; } =
        $"""
        SELECT e.ordinal, e.entity, e.sequence, e.manifest = ANY($3), e.time, octet_length(e.payload)::bigint
        FROM {schema}.events e LEFT JOIN {schema}.snapshots s ON s.entity = e.entity
        WHERE e.ordinal > $1 AND (e.sequence <= s.sequence OR e.manifest = ANY($3)) ORDER BY e.ordinal LIMIT $2
        """;

    /// <summary>(entity) to (sequence, manifest, checksum, state).</summary>
    public string SnapshotOfEntity { get; } = $"SELECT sequence, manifest, checksum, state FROM {schema}.snapshots WHERE entity = $1";

    /// <summary>Deletes events and tells retention's figures; (ordinals) to (events, bytes).</summary>
    public string Drop { get; } =
        $"""
        WITH gone AS (DELETE FROM {schema}.events WHERE ordinal = ANY($1) RETURNING entity, sequence, octet_length(payload) AS bytes),
        marked AS (
            UPDATE {schema}.entities n SET trimmed = greatest(n.trimmed, g.sequence)
            FROM (SELECT entity, max(sequence) AS sequence FROM gone GROUP BY entity) g WHERE n.id = g.entity),
        total AS (SELECT count(*) AS events, coalesce(sum(bytes), 0)::bigint AS bytes FROM gone)
        UPDATE {schema}.journal j SET events = j.events - t.events, bytes = j.bytes - t.bytes FROM total t RETURNING t.events
        """;

    /// <summary>Deletes entities that are over, whole; (entities, their last sequence numbers) to events.</summary>
    public string Forget { get; } =
        $"""
        WITH over AS (
            DELETE FROM {schema}.entities n USING unnest($1, $2) o (id, sequence) WHERE n.id = o.id AND n.highest = o.sequence RETURNING n.id),
        shots AS (DELETE FROM {schema}.snapshots s USING over WHERE s.entity = over.id),
        gone AS (DELETE FROM {schema}.events e USING over WHERE e.entity = over.id RETURNING octet_length(e.payload) AS bytes),
        total AS (SELECT count(*) AS events, coalesce(sum(bytes), 0)::bigint AS bytes FROM gone)
        UPDATE {schema}.journal j SET events = j.events - t.events, bytes = j.bytes - t.bytes FROM total t RETURNING t.events
        """;
}
