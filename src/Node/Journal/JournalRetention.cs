using Microsoft.Extensions.Logging;

namespace QTrade.Node.Journal;

/// <summary>
/// Drops what is older than <see cref="SqliteJournalOptions.Retain"/>, or older than others while the journal is larger than
/// <see cref="SqliteJournalOptions.MaxSizeBytes"/>: events that lie behind their entity's last snapshot and that a newer one behind it has
/// replaced, and entities that are over, whole. An event goes by the age of the one that replaced it, so that all that a remembered decision
/// was made of is remembered with it. It looks through a reader of its own and hands the writer small batches between two commits.
/// </summary>
internal sealed class JournalRetention : IDisposable
{
    /// <summary>Events dropped between two commits.</summary>
    private const int BatchEvents = 500;

    /// <summary>Pages given back to the disk between two commits.</summary>
    private const int ShrinkPages = 256;

    /// <summary>Free pages are kept for what comes, up to one in this many.</summary>
    private const int FreeShare = 4;

    private readonly string _path;
    private readonly JournalReaders _readers;
    private readonly JournalWriter _writer;
    private readonly SqliteJournalOptions _options;
    private readonly TimeProvider _time;
    private readonly JournalMetrics _metrics;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private readonly CancellationTokenSource _closing = new();
    private readonly SemaphoreSlim _one = new(1, 1);

    public JournalRetention(
        string path, JournalReaders readers, JournalWriter writer, SqliteJournalOptions options, TimeProvider time, JournalMetrics metrics, ILogger logger)
    {
        _path = path;
        _readers = readers;
        _writer = writer;
        _options = options;
        _time = time;
        _metrics = metrics;
        _logger = logger;
        _timer = time.CreateTimer(_ => _ = TrimAsync(CancellationToken.None), null, options.RetentionInterval, options.RetentionInterval);
    }

    /// <summary>One pass.</summary>
    /// <returns>How many events it dropped.</returns>
    public async Task<int> TrimAsync(CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _closing.Token);
        int trimmed = 0;
        try
        {
            await _one.WaitAsync(either.Token).ConfigureAwait(false);
            try
            {
                trimmed = await Task.Run(() => PassAsync(either.Token), either.Token).ConfigureAwait(false);
            }
            finally
            {
                _one.Release();
            }
        }
        catch (Exception exception) when (exception is SqliteFailureException or OperationCanceledException or ObjectDisposedException)
        {
            if (exception is SqliteFailureException { IsCorrupt: true }) JournalDamage.Mark(_path, exception.Message);
            if (!_closing.IsCancellationRequested)
            {
                _metrics.RetentionFailed();
                _logger.RetentionFailed(_path, exception.Message);
            }
        }
        return trimmed;
    }

    public void Dispose()
    {
        _timer.Dispose();
        _closing.Cancel();
    }

    private async Task<int> PassAsync(CancellationToken cancellation)
    {
        long now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        var pass = new RetentionPass(
            now - (long)_options.Retain.TotalMilliseconds,
            now - (long)_options.FinishedRetainMin.TotalMilliseconds,
            await UsedBytesAsync().ConfigureAwait(false) - _options.MaxSizeBytes);
        int trimmed = 0;
        while (!pass.Ended)
        {
            cancellation.ThrowIfCancellationRequested();
            List<RetentionPass.Candidate> batch = NextBatch(pass);
            if (batch.Count == 0) continue;
            int dropped = 0;
            await _writer.RunAsync(store => dropped = Trim(store, batch)).ConfigureAwait(false);
            trimmed += dropped;
            _metrics.EventsTrimmed(dropped);
        }
        if (trimmed > 0) await ShrinkAsync(cancellation).ConfigureAwait(false);
        return trimmed;
    }

    /// <summary>The oldest events of the rest of the pass that may go.</summary>
    private List<RetentionPass.Candidate> NextBatch(RetentionPass pass)
    {
        JournalReader reader = _readers.Rent();
        try
        {
            using SqliteStatement rows = reader.PrepareOwned(
                $"""
                SELECT e.ordinal, e.entity, e.sequence, e.time, length(e.payload), e.manifest IN ({FinalManifests(reader)})
                FROM events e LEFT JOIN snapshots s ON s.entity = e.entity
                WHERE e.ordinal > ?1 AND (e.sequence <= s.sequence OR e.manifest IN ({FinalManifests(reader)})) ORDER BY e.ordinal LIMIT ?2
                """);
            rows.Bind(1, pass.Cursor);
            rows.Bind(2, BatchEvents);
            return pass.Take(rows, BatchEvents, entity => HasSoundSnapshot(reader, entity));
        }
        finally
        {
            _readers.Return(reader);
        }
    }

    private static bool HasSoundSnapshot(JournalReader reader, long entity)
    {
        reader.Snapshot(reader.Name(entity), out bool damaged);
        return !damaged;
    }

    /// <summary>The keys of the manifests after which an entity is over, for an SQL list.</summary>
    private string FinalManifests(JournalReader reader)
    {
        var keys = new List<long>();
        using SqliteStatement find = reader.PrepareOwned("SELECT id FROM manifests WHERE name = ?1");
        foreach (string name in _options.FinalManifests)
        {
            find.Bind(1, name);
            while (find.Step()) keys.Add(find.Int64(0));
            find.Reset();
        }
        return string.Join(',', keys);
    }

    private static int Trim(JournalStore store, List<RetentionPass.Candidate> batch)
    {
        int dropped = 0;
        store.Begin();
        foreach (RetentionPass.Candidate candidate in batch)
        {
            if (candidate.Final)
            {
                dropped += store.Forget(candidate.Entity, candidate.Ordinal, candidate.Sequence);
            }
            else
            {
                store.Trim(candidate.Ordinal, candidate.Entity, candidate.Sequence);
                dropped++;
            }
        }
        store.Commit();
        return dropped;
    }

    private async Task<long> UsedBytesAsync()
    {
        long used = 0;
        await _writer.RunAsync(store => used = store.UsedPages * JournalSchema.PageBytes).ConfigureAwait(false);
        return used;
    }

    private async Task ShrinkAsync(CancellationToken cancellation)
    {
        bool more = true;
        while (more)
        {
            cancellation.ThrowIfCancellationRequested();
            await _writer.RunAsync(store =>
            {
                long free = store.FreePages, used = store.UsedPages;
                more = free > ShrinkPages && free > used / FreeShare;
                if (more) store.Shrink(ShrinkPages);
            }).ConfigureAwait(false);
        }
    }
}
