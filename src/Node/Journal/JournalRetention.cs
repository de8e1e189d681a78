using Microsoft.Extensions.Logging;

namespace QTrade.Node.Journal;

/// <summary>
/// Drops events that lie behind their entity's last snapshot and are older than <see cref="SqliteJournalOptions.Retain"/>, or older than
/// others while the journal is larger than <see cref="SqliteJournalOptions.MaxSizeBytes"/>. It looks through a reader of its own and
/// hands the writer small batches between two commits.
/// </summary>
internal sealed class JournalRetention : IDisposable
{
    /// <summary>Events dropped between two commits.</summary>
    private const int BatchEvents = 500;

    /// <summary>Pages given back to the disk between two commits.</summary>
    private const int ShrinkPages = 256;

    /// <summary>What a row takes beside its payload, roughly.</summary>
    private const int RowBytes = 32;

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
            if (exception is SqliteFailureException { IsCorrupt: true }) File.WriteAllText(JournalDamage.MarkerOf(_path), exception.Message);
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
        long cutoff = _time.GetUtcNow().ToUnixTimeMilliseconds() - (long)_options.Retain.TotalMilliseconds;
        long excess = await UsedBytesAsync().ConfigureAwait(false) - _options.MaxSizeBytes;
        var readable = new Dictionary<long, bool>();
        long cursor = 0;
        int trimmed = 0;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            List<Candidate> batch = NextBatch(cursor, cutoff, ref excess, readable, out cursor);
            if (batch.Count > 0)
            {
                await _writer.RunAsync(store => Trim(store, batch)).ConfigureAwait(false);
                trimmed += batch.Count;
                _metrics.EventsTrimmed(batch.Count);
            }
            if (cursor == 0) break;
        }
        if (trimmed > 0) await ShrinkAsync(cancellation).ConfigureAwait(false);
        return trimmed;
    }

    /// <summary>The oldest events after the cursor that may go; the cursor behind them, 0 when there are no more.</summary>
    private List<Candidate> NextBatch(long after, long cutoff, ref long excess, Dictionary<long, bool> readable, out long cursor)
    {
        var batch = new List<Candidate>();
        JournalReader reader = _readers.Rent();
        try
        {
            using SqliteStatement rows = reader.PrepareOwned(
                """
                SELECT e.ordinal, e.entity, e.sequence, e.time, length(e.payload) FROM events e
                JOIN snapshots s ON s.entity = e.entity WHERE e.ordinal > ?1 AND e.sequence <= s.sequence ORDER BY e.ordinal LIMIT ?2
                """);
            rows.Bind(1, after);
            rows.Bind(2, BatchEvents);
            int seen = 0;
            cursor = 0;
            while (rows.Step())
            {
                bool old = rows.Int64(3) < cutoff;
                if (!old && excess <= 0)
                {
                    cursor = 0;
                    return batch;
                }
                seen++;
                cursor = rows.Int64(0);
                long entity = rows.Int64(1);
                if (!readable.TryGetValue(entity, out bool sound))
                {
                    reader.Snapshot(reader.Name(entity), out bool damaged);
                    readable.Add(entity, sound = !damaged);
                }
                if (!sound) continue;
                batch.Add(new Candidate(cursor, entity, rows.Int64(2)));
                excess -= rows.Int64(4) + RowBytes;
            }
            if (seen < BatchEvents) cursor = 0;
            return batch;
        }
        finally
        {
            _readers.Return(reader);
        }
    }

    private static void Trim(JournalStore store, List<Candidate> batch)
    {
        store.Begin();
        foreach (Candidate candidate in batch) store.Trim(candidate.Ordinal, candidate.Entity, candidate.Sequence);
        store.Commit();
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

    private readonly record struct Candidate(long Ordinal, long Entity, long Sequence);
}
