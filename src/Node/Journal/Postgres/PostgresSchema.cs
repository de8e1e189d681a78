using System.Globalization;

namespace QTrade.Node.Journal.Postgres;

/// <summary>
/// The journal's tables in a schema of a PostgreSQL database, and how an older journal becomes today's.
/// <para>
/// <c>events</c> is appended to at its end; its second key (entity, sequence) is the fence and the way to read one entity.
/// <c>entities.highest</c> keeps a sequence number taken once retention dropped its event. <c>journal</c> is one row: where the global order
/// ends, and what the events take. <c>writers</c> says who writes and how many of its commits took effect.
/// </para>
/// </summary>
internal static class PostgresSchema
{
    /// <summary>What a row of events and its two index entries take beside the payload, roughly.</summary>
    public const int RowBytes = 160;

    /// <summary>The oldest server that is known to have what is used here.</summary>
    public const int ServerMajorMin = 13;

    private const int NameLengthMax = 63;

    private static readonly string[] Migrations =
    [
        """
        CREATE TABLE {0}.entities (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text COLLATE "C" NOT NULL UNIQUE,
            highest bigint NOT NULL, last bigint NOT NULL, trimmed bigint NOT NULL) WITH (fillfactor = 70);
        CREATE TABLE {0}.manifests (
            id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text COLLATE "C" NOT NULL, version integer NOT NULL, UNIQUE (name, version));
        CREATE TABLE {0}.events (
            ordinal bigint PRIMARY KEY, entity bigint NOT NULL, sequence bigint NOT NULL, manifest integer NOT NULL,
            time bigint NOT NULL, checksum bigint NOT NULL, payload bytea NOT NULL, UNIQUE (entity, sequence));
        ALTER TABLE {0}.events ALTER COLUMN payload SET STORAGE EXTERNAL;
        CREATE TABLE {0}.snapshots (
            entity bigint PRIMARY KEY, sequence bigint NOT NULL, manifest integer NOT NULL, time bigint NOT NULL,
            checksum bigint NOT NULL, state bytea NOT NULL);
        CREATE TABLE {0}.journal (one boolean PRIMARY KEY DEFAULT true CHECK (one), last bigint NOT NULL, bytes bigint NOT NULL, events bigint NOT NULL)
            WITH (fillfactor = 10);
        INSERT INTO {0}.journal (last, bytes, events) VALUES (0, 0, 0);
        CREATE TABLE {0}.writers (
            id uuid PRIMARY KEY, name text NOT NULL, since bigint NOT NULL, seen bigint NOT NULL, commits bigint NOT NULL,
            pid integer NOT NULL, backend_start timestamptz NOT NULL) WITH (fillfactor = 10);
        """,
    ];

    /// <summary>Version of the tables this program writes.</summary>
    public static int Version => Migrations.Length;

    /// <summary>Whether a schema may be called so: what needs no quotes in SQL.</summary>
    public static bool IsName(string name) =>
        name.Length is > 0 and <= NameLengthMax
        && !char.IsAsciiDigit(name[0])
        && !name.StartsWith("pg_", StringComparison.Ordinal)
        && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_');

    /// <summary>Makes the tables or brings them to today's version.</summary>
    /// <returns>Why the database is refused, null if it is not.</returns>
    /// <exception cref="PostgresFailureException">It failed.</exception>
    public static string? Prepare(PostgresSession session, PostgresServer server)
    {
        if (ServerRefusal(session, server) is { } refusal) return refusal;
        session.Begin();
        try
        {
            session.Execute(new PostgresSql(server.Schema).Lock);
            if (Refusal(session, server) is { } newer) return newer;
            Migrate(session, server.Schema);
            session.Execute("COMMIT");
            return null;
        }
        finally
        {
            session.Rollback();
        }
    }

    /// <summary>Why this program must not touch the schema; null if it may.</summary>
    public static string? Refusal(PostgresSession session, PostgresServer server)
    {
        if (!HasTables(session, server.Schema)) return null;
        if (VersionOf(session, server.Schema) is not { } version)
            return $"schema {server.Schema} of {server.Location} holds tables of another program: name another one with qtrade.journal.schema";
        return version <= Version
            ? null
            : $"{server.Location} was written by a newer qtrade (journal version {version}, this one reads up to {Version}): run that version, or name another schema with qtrade.journal.schema";
    }

    /// <summary>The version of the tables, null where there are none of ours.</summary>
    public static long? VersionOf(PostgresSession session, string schema)
    {
        long there = session.Scalar("SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = 'schema_version'", schema);
        return there == 0 ? null : session.Scalar($"SELECT coalesce(max(version), 0)::bigint FROM {schema}.schema_version");
    }

    /// <summary>Why this server cannot keep a journal, null if it can.</summary>
    public static string? ServerRefusal(PostgresSession session, PostgresServer server)
    {
        if (session.ServerVersion.Major < ServerMajorMin)
            return $"{server.Location} runs PostgreSQL {session.ServerVersion}: a journal needs {ServerMajorMin} or later";
        if (session.Scalar("SELECT pg_is_in_recovery()::int::bigint") != 0)
            return $"{server.Location} is a standby, which takes no writes: name the primary in qtrade.journal.connection";
        return session.Scalar("SELECT (current_setting('server_encoding') <> 'UTF8')::int::bigint") != 0
            ? $"{server.Location} is not in UTF8: make the database with ENCODING 'UTF8'"
            : null;
    }

    private static bool HasTables(PostgresSession session, string schema) =>
        session.Scalar("SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1", schema) > 0;

    private static void Migrate(PostgresSession session, string schema)
    {
        // Asking first: who may not create schemas may use one that was made for it.
        if (session.Scalar("SELECT count(*) FROM pg_namespace WHERE nspname = $1", schema) == 0) session.Execute($"CREATE SCHEMA {schema}");
        if (VersionOf(session, schema) is null) session.Execute($"CREATE TABLE {schema}.schema_version (version integer PRIMARY KEY)");
        for (long version = VersionOf(session, schema) ?? 0; version < Version; version++)
        {
            session.Execute(string.Format(CultureInfo.InvariantCulture, Migrations[version], schema));
            session.Execute($"INSERT INTO {schema}.schema_version (version) VALUES ({version + 1})");
        }
    }
}
