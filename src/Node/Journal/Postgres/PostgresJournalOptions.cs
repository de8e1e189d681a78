using System.ComponentModel.DataAnnotations;

namespace QTrade.Node.Journal.Postgres;

/// <summary>Where a journal on PostgreSQL is and how it is reached.</summary>
public sealed class PostgresJournalOptions : JournalBounds
{
    public PostgresJournalOptions()
    {
    }

    public PostgresJournalOptions(JournalBounds bounds)
        : base(bounds)
    {
    }

    /// <summary>Host, port, database, role and what else Npgsql knows, without a password.</summary>
    [Required]
    public required string Connection { get; init; }

    /// <summary>The role's password; null leaves it to <c>PGPASSWORD</c>, <c>PGPASSFILE</c> and <c>~/.pgpass</c>.</summary>
    public string? Password { get; init; }

    /// <summary>The schema of the journal's tables: small letters, digits and underscores.</summary>
    [Required]
    public string Schema { get; init; } = "qtrade";

    /// <summary>Whether another running node that writes to it is a reason to refuse it.</summary>
    public bool Alone { get; init; }

    /// <summary>Whether the tables are made where there are none.</summary>
    public bool Create { get; init; } = true;

    /// <summary>
    /// How long connecting may take to a server that was there already. One that does not answer costs that twice, with encryption and without, before
    /// appends are refused.
    /// </summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one statement may take, the wait for another node's commit included.</summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a start may take to connect, and one statement that makes or migrates the tables, the wait for another node that does so included.</summary>
    public TimeSpan OpenTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long a node may stand still within a commit: it holds the lock that every other node's commits wait for, and the server ends its transaction then.
    /// </summary>
    public TimeSpan IdleMax { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Wait before the first attempt to connect again; doubles with each further one.</summary>
    public TimeSpan BackoffMin { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Longest wait before an attempt to connect again.</summary>
    public TimeSpan BackoffMax { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Connections that read at the same time; one more waits.</summary>
    [Range(1, 1_000)]
    public int ReadersMax { get; init; } = 8;
}
