using SQLitePCL;

namespace QTrade.Node.Journal;

/// <summary>One connection to the journal's file; one thread at a time uses it.</summary>
internal sealed class SqliteDatabase : IDisposable
{
    /// <summary>How long a statement waits for another connection's lock before it gives up.</summary>
    private const int BusyMilliseconds = 10_000;

    private readonly sqlite3 _handle;

    static SqliteDatabase() => Batteries_V2.Init();

    private SqliteDatabase(sqlite3 handle) => _handle = handle;

    /// <summary>Opens the file, creating it where <paramref name="create"/> says so.</summary>
    /// <exception cref="SqliteFailureException">It cannot be opened.</exception>
    public static SqliteDatabase Open(string path, bool create)
    {
        int flags = raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_NOMUTEX | (create ? raw.SQLITE_OPEN_CREATE : 0);
        int code = raw.sqlite3_open_v2(path, out sqlite3 handle, flags, null);
        var database = new SqliteDatabase(handle);
        if (code != raw.SQLITE_OK)
        {
            SqliteFailureException failure = database.Failure(code);
            database.Dispose();
            throw failure;
        }
        raw.sqlite3_busy_timeout(handle, BusyMilliseconds);
        return database;
    }

    /// <summary>Rows changed by the last statement.</summary>
    public int Changes => raw.sqlite3_changes(_handle);

    /// <summary>Whether a transaction is open.</summary>
    public bool InTransaction => raw.sqlite3_get_autocommit(_handle) == 0;

    public SqliteStatement Prepare(string sql)
    {
        int code = raw.sqlite3_prepare_v3(_handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out sqlite3_stmt statement);
        if (code == raw.SQLITE_OK) return new SqliteStatement(this, statement);
        throw Failure(code);
    }

    /// <summary>Runs statements that give no rows, or whose rows are of no interest.</summary>
    public void Execute(string sql)
    {
        int code = raw.sqlite3_exec(_handle, sql);
        if (code != raw.SQLITE_OK) throw Failure(code);
    }

    /// <summary>The first column of the first row, 0 if there is none.</summary>
    public long ReadInt64(string sql)
    {
        using SqliteStatement statement = Prepare(sql);
        return statement.Step() ? statement.Int64(0) : 0;
    }

    public string ReadText(string sql)
    {
        using SqliteStatement statement = Prepare(sql);
        return statement.Step() ? statement.Text(0) : "";
    }

    /// <summary>Copies what it can from the write-ahead log into the file without waiting for anyone.</summary>
    /// <returns>Frames in the log, and how many of them are now in the file too.</returns>
    public (int Logged, int Copied) CheckpointPassive()
    {
        int code = raw.sqlite3_wal_checkpoint_v2(_handle, "main", raw.SQLITE_CHECKPOINT_PASSIVE, out int logged, out int copied);
        if (code is not raw.SQLITE_OK and not raw.SQLITE_BUSY) throw Failure(code);
        return (logged, copied);
    }

    /// <summary>Pages written since the last call.</summary>
    public int TakePagesWritten()
    {
        raw.sqlite3_db_status(_handle, raw.SQLITE_DBSTATUS_CACHE_WRITE, out int pages, out _, 1);
        return pages;
    }

    public SqliteFailureException Failure(int code) =>
        new(code & 0xFF, raw.sqlite3_extended_errcode(_handle), raw.sqlite3_errmsg(_handle).utf8_to_string() ?? $"SQLite error {code}");

    public void Dispose() => _handle.Dispose();
}
