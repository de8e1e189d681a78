using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace QTrade.Node.Journal.Postgres;

/// <summary>Which database, which schema in it and how it is reached.</summary>
internal sealed class PostgresServer : IDisposable
{
    private readonly PostgresJournalOptions _options;
    private readonly string _connection;
    private readonly string _openingConnection;
    private readonly NpgsqlDataSource _readers;

    private PostgresServer(PostgresJournalOptions options, NpgsqlConnectionStringBuilder builder)
    {
        _options = options;
        Schema = options.Schema;
        Location = LocationOf(builder, options.Schema);
        builder.Password = options.Password ?? builder.Password;
        builder.Timeout = Math.Max(1, (int)options.ConnectTimeout.TotalSeconds);
        builder.CommandTimeout = Math.Max(1, (int)options.CommandTimeout.TotalSeconds);
        // A server that did not answer in time does not answer a request to cancel either: waiting for that would be as long again.
        builder.CancellationTimeout = -1;
        builder.ApplicationName ??= "qtrade";
        builder.IncludeErrorDetail = false;
        builder.Pooling = false;
        _connection = builder.ConnectionString;
        builder.Timeout = builder.CommandTimeout = Math.Max(1, (int)options.OpenTimeout.TotalSeconds);
        _openingConnection = builder.ConnectionString;
        builder.Timeout = Math.Max(1, (int)options.ConnectTimeout.TotalSeconds);
        builder.CommandTimeout = Math.Max(1, (int)options.CommandTimeout.TotalSeconds);
        builder.Pooling = true;
        builder.MinPoolSize = 0;
        builder.MaxPoolSize = options.ReadersMax;
        builder.MaxAutoPrepare = 16;
        _readers = NpgsqlDataSource.Create(builder);
    }

    public string Schema { get; }

    /// <summary>Where it is, for showing; holds no secret.</summary>
    public string Location { get; }

    public static bool TryCreate(
        PostgresJournalOptions options, [NotNullWhen(true)] out PostgresServer? server, [NotNullWhen(false)] out string? refusal)
    {
        server = null;
        refusal = PostgresConnectionText.Problem(options.Connection) is { } problem ? $"qtrade.journal.connection {problem}"
            : PostgresSchema.IsName(options.Schema) ? null
            : $"qtrade.journal.schema = '{options.Schema}' is no name of a schema: write small letters, digits and underscores";
        if (refusal is not null) return false;
        server = new PostgresServer(options, new NpgsqlConnectionStringBuilder(options.Connection));
        return true;
    }

    /// <summary>A connection of its own, with what a writer needs set on it.</summary>
    /// <exception cref="PostgresFailureException">The server cannot be reached.</exception>
    public PostgresSession Connect() => Connect(_connection, _options.CommandTimeout, _options.IdleMax);

    /// <summary>A connection for making or migrating the tables.</summary>
    /// <exception cref="PostgresFailureException">The server cannot be reached.</exception>
    public PostgresSession ConnectToOpen() => Connect(_openingConnection, _options.OpenTimeout, _options.CommandTimeout);

    private static PostgresSession Connect(string text, TimeSpan timeout, TimeSpan idleMax)
    {
        var connection = new NpgsqlConnection(text);
        try
        {
            PostgresFailureException.Guard(() =>
            {
                connection.Open();
                return true;
            });
            var session = new PostgresSession(connection);
            // A node whose network went away, or that stands still, must not hold the lock that every other node's commit waits for.
            long milliseconds = (long)timeout.TotalMilliseconds, idle = (long)idleMax.TotalMilliseconds;
            session.Execute(
                $"""
                SET lock_timeout = {milliseconds}; SET idle_in_transaction_session_timeout = {idle}; SET client_min_messages = warning;
                SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off';
                """);
            return session;
        }
        catch (PostgresFailureException)
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>A connection for reading out of the pool.</summary>
    /// <exception cref="PostgresFailureException">The server cannot be reached.</exception>
    public NpgsqlConnection Rent() => PostgresFailureException.Guard(_readers.OpenConnection);

    public void Dispose() => _readers.Dispose();

    private static string LocationOf(NpgsqlConnectionStringBuilder builder, string schema)
    {
        string role = builder.Username is { Length: > 0 } name ? $"{name}@" : "";
        return $"postgres://{role}{builder.Host}:{builder.Port}/{builder.Database ?? builder.Username} schema {schema}";
    }
}
