using System.Globalization;
using Npgsql;

namespace QTrade.Node.Journal.Postgres;

/// <summary>The nodes that write to a journal.</summary>
internal static class PostgresWriters
{
    /// <summary>Other writers whose connection is live, the oldest first, as a person reads them.</summary>
    public static List<string> Live(PostgresSession session, PostgresSql sql, Guid self)
    {
        using NpgsqlBatch batch = session.Batch();
        batch.BatchCommands.Add(PostgresGroup.Command(sql.LiveWriters).With(self));
        return PostgresFailureException.Guard(() =>
        {
            var writers = new List<string>();
            using NpgsqlDataReader rows = batch.ExecuteReader();
            while (rows.Read())
                writers.Add($"{rows.GetString(0)}, since {DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(1)).ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)}");
            return writers;
        });
    }
}
