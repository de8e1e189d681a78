using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using QTrade.Actors.Journal;
using QTrade.Node.Journal.Copying;

namespace QTrade.Node.Journal.Postgres;

/// <summary>A journal in a PostgreSQL database, which several nodes may write to at the same time.</summary>
public sealed class PostgresJournal : INodeJournal
{
    private readonly PostgresServer _server;
    private readonly PostgresReader _reader;
    private readonly JournalWriter _writer;
    private readonly JournalRetention _retention;
    private readonly JournalLosses _losses;
    private readonly ILogger _logger;
    private int _closed;

    private PostgresJournal(PostgresServer server, PostgresGroupStore groups, PostgresJournalOptions options, TimeProvider time, ILogger logger)
    {
        _server = server;
        _logger = logger;
        // What a database says of itself is for whoever runs the database; the journal goes on with what it can read.
        var site = new JournalSite(server.Location, time, Metrics, logger, static _ => { });
        _losses = new JournalLosses(site);
        _reader = new PostgresReader(server, options, _losses);
        _writer = new JournalWriter(site, groups, options);
        _retention = new JournalRetention(site, new PostgresRetentionStore(server, _reader, options.FinalManifests), options);
    }

    /// <inheritdoc/>
    public string Location => _server.Location;

    /// <inheritdoc/>
    public JournalMetrics Metrics { get; } = new();

    /// <inheritdoc/>
    public ImmutableArray<JournalLoss> Losses => _losses.All;

    /// <inheritdoc/>
    public ImmutableArray<LostEvents> Lost => [.. Losses.SelectMany(loss => loss.Events)];

    /// <inheritdoc/>
    public long LastOrdinal => _reader.LastOrdinal;

    /// <summary>Connects to the database, making or migrating the journal's tables.</summary>
    /// <param name="options">Where it is and what it may hold.</param>
    /// <param name="time">Stamps events, which is what retention goes by.</param>
    /// <param name="logger">Hears of faults and what heals; null for nobody.</param>
    /// <param name="journal">The journal.</param>
    /// <param name="refusal">One line that says why it is refused and what to do.</param>
    public static bool TryOpen(
        PostgresJournalOptions options,
        TimeProvider time,
        ILogger? logger,
        [NotNullWhen(true)] out PostgresJournal? journal,
        [NotNullWhen(false)] out string? refusal)
    {
        journal = null;
        if (!PostgresServer.TryCreate(options, out PostgresServer? server, out refusal)) return false;
        var groups = new PostgresGroupStore(server, options, time);
        try
        {
            using (PostgresSession session = server.ConnectToOpen())
            {
                refusal = !options.Create && PostgresSchema.VersionOf(session, server.Schema) is null
                    ? $"there is no journal in {server.Location}: name another schema with qtrade.journal.schema, or make one with qtrade run"
                    : PostgresSchema.Prepare(session, server);
            }
            if (refusal is null)
            {
                if (options.Alone) groups.Open();
                journal = new PostgresJournal(server, groups, options, time, logger ?? NullLogger.Instance);
                return true;
            }
        }
        catch (PostgresFailureException failure)
        {
            refusal = failure.InnerException is null
                ? failure.Message
                : $"{server.Location} cannot be used ({failure.Message}): see to the database, or correct qtrade.journal.connection; qtrade doctor looks closer";
        }
        groups.Dispose();
        server.Dispose();
        return false;
    }

    /// <inheritdoc/>
    public void Append(AppendRequest request)
    {
        // One name that the database cannot keep would fail everyone in its group.
        if (PostgresText.CanKeep(request.PersistenceId)) _writer.Append(request);
        else request.Complete(AppendStatus.Broken, $"the persistence id '{request.PersistenceId.Replace('\0', '?')}' is no text that PostgreSQL can keep");
    }

    /// <inheritdoc/>
    public void SaveSnapshot(StoredSnapshot snapshot)
    {
        if (PostgresText.CanKeep(snapshot.PersistenceId)) _writer.Save(snapshot);
    }

    /// <inheritdoc/>
    public StoredSnapshot? ReadSnapshot(string persistenceId)
    {
        StoredSnapshot? snapshot = _reader.Snapshot(persistenceId, out bool damaged);
        if (damaged) _logger.SnapshotLost(persistenceId, Location);
        return snapshot;
    }

    /// <inheritdoc/>
    public IEnumerable<StoredEvent> Read(string persistenceId, long afterSequenceNumber) => _reader.Of(persistenceId, afterSequenceNumber);

    /// <inheritdoc/>
    public IEnumerable<StoredEvent> ReadAll(long afterOrdinal) => _reader.After(afterOrdinal);

    /// <inheritdoc/>
    public long HighestSequenceNumber(string persistenceId) => _reader.Highest(persistenceId);

    /// <inheritdoc/>
    public IEnumerable<string> QuietSince(string prefix, long ordinal) => _reader.QuietSince(prefix, ordinal);

    /// <inheritdoc/>
    public long EventsBeyondSnapshots(string prefix) => _reader.EventsBeyondSnapshots(prefix);

    /// <inheritdoc/>
    public Task<int> TrimAsync(CancellationToken cancellation = default) => _retention.TrimAsync(cancellation);

    /// <inheritdoc/>
    JournalContents INodeJournal.Contents() => _reader.Contents();

    /// <summary>Writes what waits and leaves the database.</summary>
    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0) return ValueTask.CompletedTask;
        _retention.Dispose();
        _writer.Dispose();
        _reader.Dispose();
        _server.Dispose();
        return ValueTask.CompletedTask;
    }
}
