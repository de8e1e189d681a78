using Npgsql;

namespace QTrade.Node.Journal.Postgres;

/// <summary>PostgreSQL refused a statement or could not be reached.</summary>
internal sealed class PostgresFailureException : JournalStoreException
{
    private readonly string? _state;
    private readonly bool _inDoubt;

    public PostgresFailureException(string message, Exception? inner = null, bool inDoubt = false)
        : base(message, inner)
    {
        _state = (inner as PostgresException)?.SqlState;
        _inDoubt = inDoubt;
    }

    /// <inheritdoc/>
    public override bool IsFull => _state == PostgresErrorCodes.DiskFull;

    /// <inheritdoc/>
    public override bool IsCorrupt => _state is PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted;

    /// <inheritdoc/>
    public override bool IsInDoubt => _inDoubt;

    /// <summary>Runs what talks to the server and puts what it meets into one line.</summary>
    /// <exception cref="PostgresFailureException">It failed.</exception>
    public static T Guard<T>(Func<T> work, bool commits = false)
    {
        try
        {
            return work();
        }
        catch (Exception failure) when (IsOfServer(failure))
        {
            throw new PostgresFailureException(Describe(failure), failure, commits && LeavesInDoubt(failure));
        }
    }

    /// <summary>Whether the failure is the server's or the connection's, not the program's.</summary>
    public static bool IsOfServer(Exception failure) =>
        failure is NpgsqlException or TimeoutException or IOException or System.Net.Sockets.SocketException
            or InvalidOperationException { InnerException: NpgsqlException };

    /// <summary>One line in the server's words, without what it quotes of the data.</summary>
    public static string Describe(Exception failure) => failure switch
    {
        PostgresException refused => $"{refused.MessageText.ReplaceLineEndings(" ")} (SQLSTATE {refused.SqlState})",
        { InnerException: { } inner } => $"{failure.Message.ReplaceLineEndings(" ").TrimEnd('.')}: {Describe(inner)}",
        _ => failure.Message.ReplaceLineEndings(" ").TrimEnd('.'),
    };

    /// <summary>An error ends the transaction without effect; a fatal one may have come after the commit, as may a lost connection.</summary>
    private static bool LeavesInDoubt(Exception failure) => failure is not PostgresException { InvariantSeverity: "ERROR" };
}
