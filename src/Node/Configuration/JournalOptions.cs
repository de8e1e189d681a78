using System.ComponentModel.DataAnnotations;

namespace QTrade.Node.Configuration;

/// <summary>Where the journal is, how long it remembers, and how much one commit takes.</summary>
public sealed class JournalOptions : IValidatableObject
{
    /// <summary>What it is kept in.</summary>
    public JournalKind Kind { get; init; } = JournalKind.Sqlite;

    /// <summary>Folder of a journal in SQLite, made if it is missing.</summary>
    [Required]
    public string DataDir { get; init; } = "data";

    /// <summary>The database of a journal in PostgreSQL, as Npgsql writes it, without a password.</summary>
    [PostgresConnection]
    public string Connection { get; init; } = "";

    /// <summary>The schema of a journal in PostgreSQL.</summary>
    [RegularExpression("[a-z_][a-z0-9_]{0,62}", ErrorMessage = "is no name of a schema: write small letters, digits and underscores")]
    public string Schema { get; init; } = "qtrade";

    /// <summary>A file that holds the password of the database's role and nothing else; empty for none.</summary>
    public string PasswordFile { get; init; } = "";

    /// <summary>The environment variable that holds the password where no file is named.</summary>
    public string PasswordVariable { get; init; } = "QTRADE_POSTGRES_PASSWORD";

    /// <summary>How long events are kept that lie behind their entity's last snapshot.</summary>
    [DurationRange("1m", "3650d")]
    public TimeSpan Retain { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Bytes that events and snapshots may take before events behind snapshots are dropped early.</summary>
    [SizeRange("1MiB", "1PiB")]
    public long MaxSize { get; init; } = 10L << 30;

    /// <summary>How often retention looks.</summary>
    [DurationRange("1s", "1d")]
    public TimeSpan RetentionInterval { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Appends that may wait for a commit; one more is refused.</summary>
    [Range(1, 100_000_000)]
    public int PendingAppendsMax { get; init; } = 1_000_000;

    /// <summary>Entities with a snapshot that waits for a commit; one more is dropped, counted.</summary>
    [Range(1, 1_000_000)]
    public int PendingSnapshotsMax { get; init; } = 10_000;

    /// <summary>Appends in one commit.</summary>
    [Range(1, 1_000_000)]
    public int GroupAppendsMax { get; init; } = 10_000;

    /// <summary>Size of the write-ahead log from which it is copied into the file.</summary>
    [SizeRange("64KiB", "16GiB")]
    public long CheckpointSize { get; init; } = 64L << 20;

    /// <summary>The same settings for a journal elsewhere.</summary>
    internal JournalOptions In(JournalKind kind, string dataDir, string schema) => new()
    {
        Kind = kind,
        DataDir = dataDir,
        Schema = schema,
        Connection = Connection,
        PasswordFile = PasswordFile,
        PasswordVariable = PasswordVariable,
        Retain = Retain,
        MaxSize = MaxSize,
    };

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Kind == JournalKind.Postgres && Connection.Length == 0)
            yield return new ValidationResult("needs qtrade.journal.connection, for instance Host=127.0.0.1;Database=qtrade;Username=qtrade", [nameof(Kind)]);
    }
}
