using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using QTrade.Actors.Journal;
using QTrade.Node.Journal.Copying;

namespace QTrade.Node.Journal;

/// <summary>The embedded journal: one SQLite file in write-ahead mode, flushed to the disk at every commit, owned by one node.</summary>
public sealed class SqliteJournal : INodeJournal
{
    /// <summary>Name of the journal's file in its folder.</summary>
    public const string FileName = "journal.db";

    private readonly JournalLock _lock;
    private readonly JournalWriter _writer;
    private readonly JournalReaders _readers;
    private readonly JournalLosses _losses;
    private readonly JournalDamage _damage;
    private readonly JournalCheckpoint _checkpoint;
    private readonly JournalRetention _retention;
    private readonly ILogger _logger;
    private int _closed;

    private SqliteJournal(
        string path, JournalLock held, JournalStore store, SqliteJournalOptions options, TimeProvider time, ILogger logger)
    {
        Path = path;
        _lock = held;
        _logger = logger;
        SynchronousLevel = store.Synchronous;
        RecoveredOrdinal = store.DurableOrdinal;
        var site = new JournalSite(path, time, Metrics, logger, reason => JournalDamage.Mark(path, reason));
        _losses = new JournalLosses(site);
        _damage = new JournalDamage(_losses);
        _readers = new JournalReaders(path);
        _checkpoint = new JournalCheckpoint(path, options.CheckpointBytes, Metrics, logger);
        var groups = new SqliteGroupStore(path, store, options, _checkpoint);
        _writer = new JournalWriter(site, groups, options);
        _retention = new JournalRetention(site, new SqliteRetentionStore(_readers, _writer, groups, options.FinalManifests), options);
    }

    /// <summary>The journal's file.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public string Location => Path;

    /// <inheritdoc/>
    public JournalMetrics Metrics { get; } = new();

    /// <summary>SQLite's level of <c>synchronous</c> as the writing connection reports it; 2 is FULL.</summary>
    public long SynchronousLevel { get; }

    /// <summary>Ordinal of the last event that was there when it was opened, 0 if it was empty.</summary>
    public long RecoveredOrdinal { get; }

    /// <inheritdoc/>
    public ImmutableArray<JournalLoss> Losses => _losses.All;

    /// <inheritdoc/>
    public ImmutableArray<LostEvents> Lost => [.. Losses.SelectMany(loss => loss.Events)];

    /// <summary>Opens the journal of a folder, creating or migrating it.</summary>
    /// <param name="options">Where it lies and what it may hold.</param>
    /// <param name="time">Stamps events, which is what retention goes by.</param>
    /// <param name="logger">Hears of damage, a full disk and what heals; null for nobody.</param>
    /// <param name="journal">The journal.</param>
    /// <param name="refusal">One line that says why it is refused and what to do.</param>
    public static bool TryOpen(
        SqliteJournalOptions options,
        TimeProvider time,
        ILogger? logger,
        [NotNullWhen(true)] out SqliteJournal? journal,
        [NotNullWhen(false)] out string? refusal)
    {
        journal = null;
        try
        {
            string folder = Directory.CreateDirectory(options.Folder).FullName;
            return JournalLock.TryTake(folder, time, out JournalLock? held, out refusal)
                && TryOpen(folder, held, options, time, logger ?? NullLogger.Instance, out journal, out refusal);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            refusal = $"the journal's folder {options.Folder} cannot be used ({exception.Message}): choose another data folder";
            return false;
        }
    }

    /// <inheritdoc/>
    public void Append(AppendRequest request) => _writer.Append(request);

    /// <inheritdoc/>
    public void SaveSnapshot(StoredSnapshot snapshot) => _writer.Save(snapshot);

    /// <inheritdoc/>
    public StoredSnapshot? ReadSnapshot(string persistenceId)
    {
        JournalReader reader = _readers.Rent();
        try
        {
            StoredSnapshot? snapshot = reader.Snapshot(persistenceId, out bool damaged);
            if (damaged) _logger.SnapshotLost(persistenceId, Path);
            return snapshot;
        }
        finally
        {
            _readers.Return(reader);
        }
    }

    /// <inheritdoc/>
    public long HighestSequenceNumber(string persistenceId)
    {
        JournalReader reader = _readers.Rent();
        try
        {
            return reader.Head(persistenceId).Highest;
        }
        finally
        {
            _readers.Return(reader);
        }
    }

    /// <inheritdoc/>
    public IEnumerable<StoredEvent> ReadAll(long afterOrdinal)
    {
        JournalReader reader = _readers.Rent();
        try
        {
            foreach (StoredEvent stored in new JournalScan(reader, _damage).After(afterOrdinal)) yield return stored;
        }
        finally
        {
            _readers.Return(reader);
        }
    }

    /// <inheritdoc/>
    public IEnumerable<StoredEvent> Read(string persistenceId, long afterSequenceNumber)
    {
        JournalReader reader = _readers.Rent();
        try
        {
            foreach (StoredEvent stored in new JournalScan(reader, _damage).Of(persistenceId, afterSequenceNumber)) yield return stored;
        }
        finally
        {
            _readers.Return(reader);
        }
    }

    /// <inheritdoc/>
    public long LastOrdinal
    {
        get
        {
            JournalReader reader = _readers.Rent();
            try
            {
                return reader.LastOrdinal;
            }
            finally
            {
                _readers.Return(reader);
            }
        }
    }

    /// <inheritdoc/>
    public IEnumerable<string> QuietSince(string prefix, long ordinal)
    {
        JournalReader reader = _readers.Rent();
        try
        {
            return reader.QuietSince(prefix, ordinal);
        }
        finally
        {
            _readers.Return(reader);
        }
    }

    /// <inheritdoc/>
    public long EventsBeyondSnapshots(string prefix)
    {
        JournalReader reader = _readers.Rent();
        try
        {
            return reader.EventsBeyondSnapshots(prefix);
        }
        finally
        {
            _readers.Return(reader);
        }
    }

    /// <inheritdoc/>
    public Task<int> TrimAsync(CancellationToken cancellation = default) => _retention.TrimAsync(cancellation);

    /// <inheritdoc/>
    JournalContents INodeJournal.Contents()
    {
        JournalReader reader = _readers.Rent();
        try
        {
            List<KeptHead> heads = reader.Heads();
            return new JournalContents(LastOrdinal, heads, KeptEvents(), KeptSnapshots(heads));
        }
        finally
        {
            _readers.Return(reader);
        }
    }

    /// <summary>Writes a compact copy of the journal as it is now, while it goes on. The copy is a journal itself.</summary>
    /// <param name="path">The file to write; it must not exist.</param>
    /// <returns>One line that says why there is no copy, null if there is one.</returns>
    public string? BackUp(string path)
    {
        string partial = path + ".part";
        try
        {
            if (File.Exists(path)) return $"{path} exists already: name a file that does not";
            File.Delete(partial);
            using (SqliteDatabase database = SqliteDatabase.Open(Path, create: false))
                database.Execute($"PRAGMA synchronous=FULL; VACUUM INTO '{partial.Replace("'", "''", StringComparison.Ordinal)}'");
            File.Move(partial, path);
            return null;
        }
        catch (Exception exception) when (exception is SqliteFailureException or IOException or UnauthorizedAccessException)
        {
            return $"the journal could not be copied to {path}: {exception.Message}";
        }
    }

    /// <summary>Writes what waits, closes the file and gives its lock up.</summary>
    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0) return ValueTask.CompletedTask;
        _retention.Dispose();
        _readers.Dispose();
        _writer.Dispose();
        _checkpoint.Dispose();
        _lock.Dispose();
        return ValueTask.CompletedTask;
    }

    private IEnumerable<KeptEvent> KeptEvents()
    {
        JournalReader reader = _readers.Rent();
        try
        {
            foreach (StoredEvent stored in new JournalScan(reader, _damage).After(0)) yield return new KeptEvent(stored, reader.TimeOf(stored.Ordinal));
        }
        finally
        {
            _readers.Return(reader);
        }
    }

    private IEnumerable<KeptSnapshot> KeptSnapshots(List<KeptHead> heads)
    {
        JournalReader reader = _readers.Rent();
        try
        {
            foreach (KeptHead head in heads)
                if (reader.Snapshot(head.Name, out _) is { } snapshot) yield return new KeptSnapshot(snapshot, reader.SnapshotTimeOf(head.Name));
        }
        finally
        {
            _readers.Return(reader);
        }
    }

    private static bool TryOpen(
        string folder,
        JournalLock held,
        SqliteJournalOptions options,
        TimeProvider time,
        ILogger logger,
        [NotNullWhen(true)] out SqliteJournal? journal,
        [NotNullWhen(false)] out string? refusal)
    {
        journal = null;
        string path = System.IO.Path.Combine(folder, FileName);
        try
        {
            SqliteDatabase? database = OpenOrRebuild(path, time, logger, out List<(long From, long To)> lost, out refusal);
            if (database is not null)
            {
                refusal = null;
                var store = new JournalStore(database, options);
                WriteAheadLogFile.MakeRoom(path + "-wal", options.LogRoomBytes);
                journal = new SqliteJournal(path, held, store, options, time, logger);
                journal.Name(lost);
                return true;
            }
            refusal ??= $"{path} is not a journal: move it away or choose another data folder";
        }
        catch (SqliteFailureException failure) when (failure.IsFull)
        {
            refusal = $"{path} cannot be opened ({failure.Message}): make room on its disk, or choose another data folder";
        }
        catch (SqliteFailureException failure)
        {
            refusal = $"{path} cannot be opened ({failure.Message}): restore a backup, move it away, or choose another data folder";
        }
        finally
        {
            if (journal is null) held.Dispose();
        }
        return false;
    }

    /// <summary>A connection to a journal that holds together, rebuilt if it did not; null if it is refused or no journal at all.</summary>
    private static SqliteDatabase? OpenOrRebuild(
        string path, TimeProvider time, ILogger logger, out List<(long From, long To)> lost, out string? refusal)
    {
        lost = [];
        string keptAs = $"{path}.damaged-{time.GetUtcNow():yyyyMMdd-HHmmss}";
        JournalRebuild.GoOn(path, keptAs + "-interrupted");
        refusal = WriteAheadLogFile.StandsAlone(path)
            ? $"{path} is gone or empty, and {path}-wal still holds events: restore a backup, or move both away to begin anew"
            : null;
        if (refusal is not null) return null;
        // Before SQLite sees the log, which it would cut off at a damage.
        string? whole = WriteAheadLogFile.PutTogether(path);
        try
        {
            bool sound = TryPrepare(whole ?? path, path, out refusal);
            if (refusal is not null) return null;
            if (!sound || whole is not null || File.Exists(JournalDamage.MarkerOf(path)) || JournalRebuild.IsNeeded(path))
            {
                if (JournalRebuild.Run(path, whole ?? path, keptAs, isJournal: sound) is not { } stretches) return null;
                lost = stretches;
                File.Delete(JournalDamage.MarkerOf(path));
                logger.Rebuilt(path, keptAs);
            }
        }
        finally
        {
            if (whole is not null) File.Delete(whole);
        }
        return SqliteDatabase.Open(path, create: false);
    }

    /// <summary>Makes or migrates the tables; false where they are too damaged for it.</summary>
    /// <param name="path">The file, or a copy of it.</param>
    /// <param name="named">What a refusal calls it.</param>
    /// <param name="refusal">Why it is no file of ours to prepare.</param>
    private static bool TryPrepare(string path, string named, out string? refusal)
    {
        refusal = null;
        try
        {
            using SqliteDatabase database = SqliteDatabase.Open(path, create: true);
            refusal = JournalSchema.Prepare(database, named);
            return refusal is null;
        }
        catch (SqliteFailureException failure) when (failure.IsCorrupt)
        {
            return false;
        }
    }

    private void Name(List<(long From, long To)> lost)
    {
        if (lost.Count == 0) return;
        JournalReader reader = _readers.Rent();
        foreach ((long from, long to) in lost) _damage.Lost(reader, from, to);
        _readers.Return(reader);
    }
}
