using QTrade.Node.Journal.Postgres;
using QTrade.Shared.Journal;

namespace QTrade.Node.Tests.Journal.Postgres;

/// <summary>One PostgreSQL server for the whole run, started when the first spec asks for it.</summary>
public sealed class PostgresFixture : IDisposable
{
    private readonly Lazy<PostgresServerProcess> _server = new(PostgresServerProcess.Start);
    private int _schemas;

    public PostgresServerProcess Server => _server.Value;

    /// <summary>Options of a journal in a schema of its own, or in the one that is named.</summary>
    public PostgresJournalOptions Options(string? schema = null, string? connection = null) => new()
    {
        Connection = connection ?? Server.Connection,
        Password = Server.Password,
        Schema = schema ?? NewSchema(),
        BackoffMin = TimeSpan.FromMilliseconds(20),
        BackoffMax = TimeSpan.FromMilliseconds(200),
    };

    public string NewSchema() => $"spec_{Interlocked.Increment(ref _schemas)}";

    public static PostgresJournal Open(PostgresJournalOptions options, TimeProvider? time = null) =>
        PostgresJournal.TryOpen(options, time ?? TimeProvider.System, null, out PostgresJournal? journal, out string? refusal)
            ? journal
            : throw new InvalidOperationException(refusal);

    /// <summary>Runs SQL beside the journal.</summary>
    internal void Execute(string sql)
    {
        using PostgresSession session = Connect();
        session.Execute(sql);
    }

    internal long Scalar(string sql)
    {
        using PostgresSession session = Connect();
        return session.Scalar(sql);
    }

    public void Dispose()
    {
        if (_server.IsValueCreated) _server.Value.Dispose();
    }

    private PostgresSession Connect() =>
        PostgresServer.TryCreate(Options("postgres_spec"), out PostgresServer? server, out string? refusal)
            ? server.Connect()
            : throw new InvalidOperationException(refusal);
}
