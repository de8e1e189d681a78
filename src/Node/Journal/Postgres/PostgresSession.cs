using System.Data;
using Npgsql;

namespace QTrade.Node.Journal.Postgres;

/// <summary>One connection, used by one thread. What goes wrong on it is a <see cref="PostgresFailureException"/>.</summary>
internal sealed class PostgresSession(NpgsqlConnection connection) : IDisposable
{
    private bool _inTransaction;

    /// <summary>Whether it can still be used, as far as it was noticed.</summary>
    public bool IsOpen => connection.State == ConnectionState.Open;

    public Version ServerVersion => connection.PostgreSqlVersion;

    /// <summary>Runs statements whose rows are of no interest.</summary>
    public void Execute(string sql)
    {
        ThrowIfLost();
        using var command = new NpgsqlCommand(sql, connection);
        PostgresFailureException.Guard(command.ExecuteNonQuery);
    }

    /// <summary>The first column of the first row, 0 if there is none.</summary>
    public long Scalar(string sql, params ReadOnlySpan<object> parameters)
    {
        ThrowIfLost();
        using var command = new NpgsqlCommand(sql, connection);
        foreach (object value in parameters) command.Parameters.Add(new NpgsqlParameter { Value = value });
        return PostgresFailureException.Guard(() => command.ExecuteScalar() is long value ? value : 0);
    }

    /// <summary>Commands that go to the server together.</summary>
    public NpgsqlBatch Batch()
    {
        ThrowIfLost();
        return new NpgsqlBatch(connection);
    }

    public void Begin()
    {
        Execute("BEGIN");
        _inTransaction = true;
    }

    /// <summary>The batch that comes next begins a transaction of its own.</summary>
    public void Begun() => _inTransaction = true;

    /// <summary>The last batch ended the transaction.</summary>
    public void Committed() => _inTransaction = false;

    /// <summary>Undoes what is not committed; after <c>COMMIT</c> this changes nothing.</summary>
    public void Rollback()
    {
        if (!_inTransaction) return;
        _inTransaction = false;
        try
        {
            Execute("ROLLBACK");
        }
        catch (PostgresFailureException)
        {
            // The connection is gone, and its transaction with it.
        }
    }

    public void Dispose() => connection.Dispose();

    private void ThrowIfLost()
    {
        if (!IsOpen) throw new PostgresFailureException("the connection is lost");
    }
}
