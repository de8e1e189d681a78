using Npgsql;

namespace QTrade.Node.Journal.Postgres;

/// <summary>The shapes of events by their keys.</summary>
internal static class PostgresManifests
{
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
