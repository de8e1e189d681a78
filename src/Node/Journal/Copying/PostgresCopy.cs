using System.Diagnostics.CodeAnalysis;
using Npgsql;
using QTrade.Actors.Journal;
using QTrade.Node.Journal.Postgres;

namespace QTrade.Node.Journal.Copying;

/// <summary>Writes a copy into a schema that holds no event, in one transaction.</summary>
internal sealed class PostgresCopy
{
    private const int NamesPerStatement = 10_000;
    private const int EventsPerStatement = 5_000;
    private const long BytesPerStatement = 8L << 20;

    private readonly PostgresSession _session;
    private readonly PostgresSql _sql;
    private readonly Dictionary<string, EntityHead> _heads = [];
    private readonly Dictionary<(string Name, int Version), int> _manifests = [];

    private PostgresCopy(PostgresSession session, PostgresSql sql) => (_session, _sql) = (session, sql);

    /// <summary>Fills the schema that <paramref name="options"/> name.</summary>
    /// <param name="options">The database and the schema.</param>
    /// <param name="contents">What the journal is to hold.</param>
    /// <param name="progress">Is told the number of events now and then.</param>
    /// <param name="copied">How much it holds then.</param>
    /// <param name="refusal">One line that says why there is no copy.</param>
    /// <param name="cancellation">Ends it; nothing is left.</param>
    public static bool TryWrite(
        PostgresJournalOptions options,
        JournalContents contents,
        IProgress<long>? progress,
        [NotNullWhen(true)] out JournalCopied? copied,
        [NotNullWhen(false)] out string? refusal,
        CancellationToken cancellation)
    {
        copied = null;
        if (!PostgresServer.TryCreate(options, out PostgresServer? server, out refusal)) return false;
        using (server)
        {
            try
            {
                using PostgresSession session = server.Connect();
                refusal = PostgresSchema.Prepare(session, server);
                if (refusal is not null) return false;
                var sql = new PostgresSql(server.Schema);
                session.Begin();
                session.Execute(sql.Lock);
                if (session.Scalar($"SELECT count(*) FROM (SELECT 1 FROM {server.Schema}.entities LIMIT 1) one") > 0)
                {
                    refusal = $"there is a journal in {server.Location} already: name another schema, as postgres:SCHEMA";
                    return false;
                }
                copied = new PostgresCopy(session, sql).Write(contents, progress, cancellation);
                session.Execute("COMMIT");
                return true;
            }
            catch (PostgresFailureException failure)
            {
                refusal = $"the copy in {server.Location} cannot be written: {failure.Message}";
                return false;
            }
        }
    }

    private JournalCopied Write(JournalContents contents, IProgress<long>? progress, CancellationToken cancellation)
    {
        KeptHead[] kept = [.. contents.Heads];
        foreach (KeptHead[] some in kept.Chunk(NamesPerStatement)) AddEntities(some);

        long events = 0, bytes = 0, snapshots = 0;
        var group = new PostgresGroup();
        foreach (KeptEvent one in contents.Events)
        {
            StoredEvent stored = one.Stored;
            EntityHead head = _heads[stored.PersistenceId];
            head.Highest = stored.SequenceNumber - 1;
            group.Add(head, stored.Ordinal, Manifest(stored.Data), one.Time, stored.Data.Payload);
            events++;
            if (group.Events < EventsPerStatement && group.Bytes < BytesPerStatement) continue;
            cancellation.ThrowIfCancellationRequested();
            bytes += Flush(ref group);
            progress?.Report(events);
        }
        bytes += Flush(ref group);
        foreach (KeptSnapshot one in contents.Snapshots)
        {
            Run(PostgresGroup.Put(_sql, _heads[one.Stored.PersistenceId], one.Stored, Manifest(one.Stored.State), one.Time));
            snapshots++;
        }
        foreach (KeptHead[] some in kept.Chunk(NamesPerStatement)) SetHeads(some);
        Run(PostgresGroup.Command(_sql.MoveEnd).With(contents.LastOrdinal).With(bytes).With(events));
        return new JournalCopied(_heads.Count, events, snapshots);
    }

    private void AddEntities(KeptHead[] heads)
    {
        using NpgsqlBatch batch = _session.Batch();
        batch.BatchCommands.Add(PostgresGroup.Command(_sql.AddEntities).With(heads.Select(head => head.Name).ToList()));
        PostgresFailureException.Guard(() =>
        {
            using NpgsqlDataReader rows = batch.ExecuteReader();
            while (rows.Read()) _heads.Add(rows.GetString(0), new EntityHead(rows.GetInt64(1), 0, 0));
            return true;
        });
    }

    private void SetHeads(KeptHead[] heads) => Run(
        PostgresGroup.Command(_sql.SetHeads)
            .With(heads.Select(head => _heads[head.Name].Entity).ToList())
            .With(heads.Select(head => head.Highest).ToList())
            .With(heads.Select(head => head.Last).ToList())
            .With(heads.Select(head => head.Trimmed).ToList()));

    private long Flush(ref PostgresGroup group)
    {
        long bytes = group.Bytes;
        if (group.Events == 0) return 0;
        using NpgsqlBatch batch = _session.Batch();
        group.Write(batch, _sql);
        PostgresFailureException.Guard(batch.ExecuteNonQuery);
        group = new PostgresGroup();
        return bytes;
    }

    private int Manifest(EventData data) => PostgresManifests.FindOrAdd(_session, _sql, _manifests, data);

    private void Run(NpgsqlBatchCommand command)
    {
        using NpgsqlBatch batch = _session.Batch();
        batch.BatchCommands.Add(command);
        PostgresFailureException.Guard(batch.ExecuteNonQuery);
    }
}
