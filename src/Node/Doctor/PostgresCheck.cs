using QTrade.Node.Configuration;
using QTrade.Node.Journal.Postgres;
using QTrade.Node.Verbs;

namespace QTrade.Node.Doctor;

/// <summary>
/// The database of the journal: whether it is reached, can keep a journal, gives the rights for it and flushes; how long a question and a
/// commit take; who writes to it. Nothing is left behind in it.
/// </summary>
internal static class PostgresCheck
{
    private const string Subject = "journal";
    private const string Configure = "correct qtrade.journal.connection and where the password comes from (qtrade.journal.password-file, its variable, PGPASSFILE)";
    private const int QuestionsAsked = 50;
    private const int CommitsMax = 200;
    private const double CommitsWanted = 100;
    private static readonly TimeSpan ProbeTime = TimeSpan.FromMilliseconds(500);

    public static IReadOnlyList<Finding> Look(JournalOptions options, ProgramEnvironment environment)
    {
        if (!PostgresPassword.TryFind(options, environment, out string? password, out string? refusal)
            || !PostgresServer.TryCreate(options.ForPostgres(password, forNode: false), out PostgresServer? server, out refusal))
            return [new Finding(Subject, Health.Bad, refusal, Configure)];
        using (server)
        {
            try
            {
                using PostgresSession session = server.Connect();
                return [.. Look(session, server, environment.Time)];
            }
            catch (PostgresFailureException failure)
            {
                return [new Finding(Subject, Health.Bad, $"{server.Location}: {failure.Message}", Configure)];
            }
        }
    }

    private static List<Finding> Look(PostgresSession session, PostgresServer server, TimeProvider time)
    {
        if ((PostgresSchema.ServerRefusal(session, server) ?? PostgresSchema.Refusal(session, server)) is { } refusal)
            return [new Finding(Subject, Health.Bad, refusal, "see the end of that line")];
        var findings = new List<Finding> { Contents(session, server), Rights(session, server) };
        if (findings.TrueForAll(finding => finding.Health != Health.Bad) && PostgresSchema.VersionOf(session, server.Schema) is not null)
            findings.Add(Owner(session, server));
        findings.Add(Flushes(session));
        findings.Add(Speed(session, time));
        return findings;
    }

    private static Finding Contents(PostgresSession session, PostgresServer server)
    {
        string where = $"{server.Location}, PostgreSQL {session.ServerVersion}";
        if (PostgresSchema.VersionOf(session, server.Schema) is not { } version)
            return new Finding(Subject, Health.Good, $"none yet in {where}: a start makes it");
        long events = session.Scalar($"SELECT events FROM {server.Schema}.journal");
        return new Finding(Subject, Health.Good, $"{where}: {events:N0} events, version {version}");
    }

    private static Finding Rights(PostgresSession session, PostgresServer server)
    {
        const string subject = "journal rights";
        bool there = session.Scalar("SELECT count(*) FROM pg_namespace WHERE nspname = $1", server.Schema) > 0;
        long allowed = there
            ? session.Scalar("SELECT (has_schema_privilege($1, 'USAGE') AND has_schema_privilege($1, 'CREATE'))::int::bigint", server.Schema)
            : session.Scalar("SELECT has_database_privilege(current_database(), 'CREATE')::int::bigint");
        if (allowed == 0)
        {
            return new Finding(
                subject, Health.Bad, there ? $"the role may not make tables in schema {server.Schema}" : "the role may not make a schema",
                $"as the database's owner: CREATE SCHEMA IF NOT EXISTS {server.Schema}; GRANT USAGE, CREATE ON SCHEMA {server.Schema} TO the role");
        }
        long denied = session.Scalar(
            """
            SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = $1 AND c.relkind = 'r' AND NOT has_table_privilege(c.oid, 'SELECT, INSERT, UPDATE, DELETE')
            """,
            server.Schema);
        return denied == 0
            ? new Finding(subject, Health.Good, "the role may do what a node does")
            : new Finding(
                subject, Health.Bad, $"the role may not read and write {denied} tables of schema {server.Schema}",
                "run every node as the role that made them, or make that role's rights this one's: GRANT owner TO role");
    }

    private static Finding Owner(PostgresSession session, PostgresServer server)
    {
        List<string> writers = PostgresWriters.Live(session, new PostgresSql(server.Schema), Guid.Empty);
        return writers.Count == 0
            ? new Finding("journal owner", Health.Good, "nobody")
            : new Finding("journal owner", Health.Good, $"a running node ({string.Join("; ", writers)})", "a second node needs a schema of its own: qtrade.journal.schema");
    }

    private static Finding Flushes(PostgresSession session)
    {
        const string subject = "database flushes";
        return session.Scalar("SELECT (current_setting('fsync') = 'on' AND current_setting('full_page_writes') = 'on')::int::bigint") != 0
            ? new Finding(subject, Health.Good, "every commit is on the disk before it is acknowledged")
            : new Finding(subject, Health.Doubtful, "fsync or full_page_writes is off: a loss of power loses acknowledged events", "switch both on in postgresql.conf");
    }

    /// <summary>Commits of a transaction that logically writes one message and nothing else.</summary>
    private static Finding Speed(PostgresSession session, TimeProvider time)
    {
        long started = time.GetTimestamp();
        for (int i = 0; i < QuestionsAsked; i++) session.Execute("SELECT 1");
        double question = time.GetElapsedTime(started).TotalMilliseconds / QuestionsAsked;

        started = time.GetTimestamp();
        int commits = 0;
        for (; commits < CommitsMax && time.GetElapsedTime(started) < ProbeTime; commits++)
            session.Execute("SELECT pg_logical_emit_message(true, 'qtrade', 'doctor')");
        double rate = commits / Math.Max(time.GetElapsedTime(started).TotalSeconds, 1e-9);
        string text = $"{question:F1} ms for a question, {rate:N0} commits/s: a lone decision becomes durable in {(1000 / rate) + question:F1} ms";
        return rate >= CommitsWanted
            ? new Finding("database speed", Health.Good, text)
            : new Finding("database speed", Health.Doubtful, text, "put the database nearer or on a faster disk: every decision waits for a commit");
    }
}
