namespace QTrade.Node.Journal;

/// <summary>
/// Drops what is older than <see cref="JournalBounds.Retain"/>, or older than others while the journal is larger than
/// <see cref="JournalBounds.MaxSizeBytes"/>: events that lie behind their entity's last snapshot and that a newer one behind it has
/// replaced, and entities that are over, whole. An event goes by the age of the one that replaced it, so that all that a remembered decision
/// was made of is remembered with it. It drops in small batches, between which commits go on.
/// </summary>
internal sealed class JournalRetention : IDisposable
{
    /// <summary>Events dropped between two commits.</summary>
    private const int BatchEvents = 500;

    private readonly JournalSite _site;
    private readonly IRetentionStore _store;
    private readonly JournalBounds _bounds;
    private readonly ITimer _timer;
    private readonly CancellationTokenSource _closing = new();
    private readonly SemaphoreSlim _one = new(1, 1);

    public JournalRetention(JournalSite site, IRetentionStore store, JournalBounds bounds)
    {
        _site = site;
        _store = store;
        _bounds = bounds;
        _timer = site.Time.CreateTimer(_ => _ = TrimAsync(CancellationToken.None), null, bounds.RetentionInterval, bounds.RetentionInterval);
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
        catch (Exception exception) when (exception is JournalStoreException or OperationCanceledException or ObjectDisposedException)
        {
            if (exception is JournalStoreException { IsCorrupt: true }) _site.Corrupted(exception.Message);
            if (!_closing.IsCancellationRequested)
            {
                _site.Metrics.RetentionFailed();
                _site.Logger.RetentionFailed(_site.Location, exception.Message);
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
        long now = _site.Time.GetUtcNow().ToUnixTimeMilliseconds();
        var pass = new RetentionPass(
            now - (long)_bounds.Retain.TotalMilliseconds,
            now - (long)_bounds.FinishedRetainMin.TotalMilliseconds,
            await _store.UsedBytesAsync().ConfigureAwait(false) - _bounds.MaxSizeBytes);
        int trimmed = 0;
        while (!pass.Ended)
        {
            cancellation.ThrowIfCancellationRequested();
            List<RetentionPass.Candidate> batch = _store.Decide(pass, BatchEvents);
            if (batch.Count == 0) continue;
            int dropped = await _store.DropAsync(batch).ConfigureAwait(false);
            trimmed += dropped;
            _site.Metrics.EventsTrimmed(dropped);
        }
        if (trimmed > 0) await _store.ShrinkAsync(cancellation).ConfigureAwait(false);
        return trimmed;
    }
}
