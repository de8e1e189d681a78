namespace QTrade.Node.Journal;

/// <summary>
/// The journal's tables and how an older journal becomes today's.
/// <para>
/// <c>events</c> is appended to at its end only: no index over (entity, sequence) lies beside it, which would touch one random page
/// per entity and commit. Uniqueness comes from <c>heads</c>: an append moves the entity's <c>highest</c> from exactly the sequence
/// number before its own, in the same transaction, or is refused. Each event knows how far back in the global order the entity's
/// previous event lies, so that one entity is read by following its chain from <c>heads.last</c>.
/// </para>
/// </summary>
internal static class JournalSchema
{
    /// <summary>Bytes per page: a group of small appends fills few of them, and one alone does not write much more than it must.</summary>
    public const int PageBytes = 8192;

    /// <summary>Marks the file as a journal of this program ("QTJR").</summary>
    private const int ApplicationId = 0x51544A52;

    private static readonly string[] Migrations =
    [
        """
        CREATE TABLE entities (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
        CREATE TABLE manifests (id INTEGER PRIMARY KEY, name TEXT NOT NULL, version INTEGER NOT NULL, UNIQUE (name, version)) STRICT;
        CREATE TABLE heads (entity INTEGER PRIMARY KEY, highest INTEGER NOT NULL, last INTEGER NOT NULL, trimmed INTEGER NOT NULL) STRICT;
        CREATE TABLE events (
            ordinal INTEGER PRIMARY KEY, entity INTEGER NOT NULL, sequence INTEGER NOT NULL, back INTEGER NOT NULL,
            manifest INTEGER NOT NULL, time INTEGER NOT NULL, checksum INTEGER NOT NULL, payload BLOB NOT NULL) STRICT;
        CREATE TABLE snapshots (
            entity INTEGER PRIMARY KEY, sequence INTEGER NOT NULL, manifest INTEGER NOT NULL, time INTEGER NOT NULL,
            checksum INTEGER NOT NULL, state BLOB NOT NULL) STRICT;
        """,
    ];

    /// <summary>Version of the tables this program writes.</summary>
    public static int Version => Migrations.Length;

    /// <summary>Sets the connection up for the writer and brings the tables to today's version.</summary>
    /// <returns>Why the file is refused, null if it is not.</returns>
    public static string? Prepare(SqliteDatabase database, string path)
    {
        database.Execute($"PRAGMA page_size={PageBytes}; PRAGMA auto_vacuum=INCREMENTAL;");
        if (Refusal(database, path) is string refusal) return refusal;

        database.Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;");
        Migrate(database);
        return null;
    }

    /// <summary>Why this program must not touch the file; null if it may.</summary>
    public static string? Refusal(SqliteDatabase database, string path)
    {
        bool empty = database.ReadInt64("SELECT count(*) FROM sqlite_schema") == 0;
        if (empty) return null;
        if (database.ReadInt64("PRAGMA application_id") != ApplicationId)
            return $"{path} is an SQLite file of another program: move it away or choose another data folder";

        long version = CurrentVersion(database);
        return version <= Version
            ? null
            : $"{path} was written by a newer qtrade (journal version {version}, this one reads up to {Version}): run that version, or choose another data folder";
    }

    private static long CurrentVersion(SqliteDatabase database) => database.ReadInt64("SELECT max(version) FROM schema_version");

    private static void Migrate(SqliteDatabase database)
    {
        database.Execute(
            $"""
            BEGIN IMMEDIATE;
            CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY) STRICT;
            PRAGMA application_id={ApplicationId};
            """);
        for (long version = CurrentVersion(database); version < Version; version++)
        {
            database.Execute(Migrations[version]);
            database.Execute($"INSERT INTO schema_version (version) VALUES ({version + 1})");
        }
        database.Execute("COMMIT");
    }
}
