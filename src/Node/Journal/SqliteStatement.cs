using SQLitePCL;

namespace QTrade.Node.Journal;

/// <summary>A prepared statement, bound and stepped without allocating. Parameters count from 1, columns from 0.</summary>
internal sealed class SqliteStatement(SqliteDatabase database, sqlite3_stmt statement) : IDisposable
{
    public void Bind(int parameter, long value) => raw.sqlite3_bind_int64(statement, parameter, value);

    public void Bind(int parameter, string value) => raw.sqlite3_bind_text(statement, parameter, value);

    public void Bind(int parameter, ReadOnlySpan<byte> value) => raw.sqlite3_bind_blob(statement, parameter, value);

    /// <summary>Moves to the next row.</summary>
    /// <returns>Whether there is one.</returns>
    /// <exception cref="SqliteFailureException">SQLite refused.</exception>
    public bool Step()
    {
        int code = raw.sqlite3_step(statement);
        return code switch
        {
            raw.SQLITE_ROW => true,
            raw.SQLITE_DONE => false,
            _ => throw Failed(code),
        };
    }

    /// <summary>Runs a statement that gives no rows and makes it ready for the next run.</summary>
    public void Run()
    {
        int code = raw.sqlite3_step(statement);
        if (code != raw.SQLITE_DONE && code != raw.SQLITE_ROW) throw Failed(code);
        raw.sqlite3_reset(statement);
    }

    public void Reset() => raw.sqlite3_reset(statement);

    public long Int64(int column) => raw.sqlite3_column_int64(statement, column);

    public string Text(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string() ?? "";

    public ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(statement, column);

    public bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    public void Dispose() => statement.Dispose();

    private SqliteFailureException Failed(int code)
    {
        SqliteFailureException failure = database.Failure(code);
        raw.sqlite3_reset(statement);
        return failure;
    }
}
