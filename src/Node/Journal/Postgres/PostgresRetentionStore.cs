using System.Collections.Immutable;
using Npgsql;

namespace QTrade.Node.Journal.Postgres;

/// <summary>Drops in small transactions of its own that take the lock of every commit; the room is the database's to use again.</summary>
internal sealed class PostgresRetentionStore(PostgresServer server, PostgresReader reader, ImmutableArray<string> finalManifests) : IRetentionStore
{
    private readonly PostgresSql _sql = new(server.Schema);

    public Task<long> UsedBytesAsync() => Task.FromResult(reader.Scalar(_sql.UsedBytes));

    public List<RetentionPass.Candidate> Decide(RetentionPass pass, int most)
    {
        List<int> final = reader.Use(_sql.Manifests, command => command, rows =>
        {
            var keys = new List<int>();
            while (rows.Read())
                if (finalManifests.Contains(rows.GetString(1))) keys.Add(rows.GetInt32(0));
            return keys;
        });
        List<RetentionPass.Row> read = reader.Use(_sql.Droppable, command => command.With(pass.Cursor).With(most).With(final), rows =>
        {
            var found = new List<RetentionPass.Row>();
            while (rows.Read())
            {
                var candidate = new RetentionPass.Candidate(rows.GetInt64(0), rows.GetInt64(1), rows.GetInt64(2), rows.GetBoolean(3));
                found.Add(new RetentionPass.Row(candidate, rows.GetInt64(4), rows.GetInt64(5)));
            }
            return found;
        });
        return pass.Take(read, most, HasSoundSnapshot);
    }

    public Task<int> DropAsync(IReadOnlyList<RetentionPass.Candidate> batch)
    {
        using PostgresSession session = server.Connect();
        session.Begin();
        session.Execute(_sql.Lock);
        long dropped = Count(session, PostgresGroup.Command(_sql.Drop).With(batch.Where(one => !one.Final).Select(one => one.Ordinal).ToList()));
        dropped += Count(session, PostgresGroup.Command(_sql.Forget)
            .With(batch.Where(one => one.Final).Select(one => one.Entity).ToList())
            .With(batch.Where(one => one.Final).Select(one => one.Sequence).ToList()));
        session.Execute("COMMIT");
        return Task.FromResult((int)dropped);
    }

    /// <summary>Vacuum makes the room free for what comes, by itself.</summary>
    public Task ShrinkAsync(CancellationToken cancellation) => Task.CompletedTask;

    private static long Count(PostgresSession session, NpgsqlBatchCommand command)
    {
        using NpgsqlBatch batch = session.Batch();
        batch.BatchCommands.Add(command);
        return PostgresFailureException.Guard(() => batch.ExecuteScalar() is long count ? count : 0);
    }

    private bool HasSoundSnapshot(long entity) => reader.Use(_sql.SnapshotOfEntity, command => command.With(entity), rows =>
        rows.Read() && rows.GetInt64(2) == EventChecksum.OfSnapshot(entity, rows.GetInt64(0), rows.GetInt32(1), rows.GetFieldValue<byte[]>(3)));
}
