using Npgsql;
using QTrade.Actors.Journal;

namespace QTrade.Node.Journal.Postgres;

/// <summary>The shapes of events by their keys.</summary>
internal static class PostgresManifests
{
    /// <summary>The shape's key, made if there is none.</summary>
    /// <param name="session">A transaction that holds the lock.</param>
    /// <param name="sql">The statements.</param>
    /// <param name="known">Keys that this transaction or one before it met.</param>
    /// <param name="data">An event of that shape.</param>
    public static int FindOrAdd(PostgresSession session, PostgresSql sql, Dictionary<(string Name, int Version), int> known, in EventData data)
    {
        (string, int) shape = (data.Manifest, data.Version);
        if (known.TryGetValue(shape, out int manifest)) return manifest;
        foreach ((int id, string name, int version) in Read(session, sql)) known[(name, version)] = id;
        if (known.TryGetValue(shape, out manifest)) return manifest;

        using NpgsqlBatch batch = session.Batch();
        batch.BatchCommands.Add(PostgresGroup.Command(sql.AddManifest).With(data.Manifest).With(data.Version));
        manifest = PostgresFailureException.Guard(() => (int)batch.ExecuteScalar()!);
        known.Add(shape, manifest);
        return manifest;
    }

    public static List<(int Id, string Name, int Version)> Read(PostgresSession session, PostgresSql sql)
    {
        using NpgsqlBatch batch = session.Batch();
        batch.BatchCommands.Add(PostgresGroup.Command(sql.Manifests));
        return PostgresFailureException.Guard(() =>
        {
            var manifests = new List<(int, string, int)>();
            using NpgsqlDataReader rows = batch.ExecuteReader();
            while (rows.Read()) manifests.Add((rows.GetInt32(0), rows.GetString(1), rows.GetInt32(2)));
            return manifests;
        });
    }
}
