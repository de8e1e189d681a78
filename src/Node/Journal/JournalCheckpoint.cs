using Microsoft.Extensions.Logging;

namespace QTrade.Node.Journal;

/// <summary>
/// Copies the write-ahead log into the file beside the writer. A thread of its own copies the bulk while commits go on; the writer then
/// copies the little that came meanwhile, after which SQLite begins the log anew in the space it already has.
/// </summary>
internal sealed class JournalCheckpoint : IDisposable
{
    /// <summary>Passes over the log before the rest is left to the writer: each finds what came during the one before.</summary>
    private const int PassesMax = 3;

    /// <summary>Pages that the writer may copy between two commits without holding appends up.</summary>
    private const int RestPages = 256;

    private readonly string _path;
    private readonly long _pagesBetween;
    private readonly JournalMetrics _metrics;
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private readonly AutoResetEvent _wake = new(false);
    private long _pages;
    private bool _running;
    private volatile bool _bulkDone;
    private volatile bool _closing;

    public JournalCheckpoint(string path, long bytesBetween, JournalMetrics metrics, ILogger logger)
    {
        _path = path;
        _pagesBetween = Math.Max(1, bytesBetween / JournalSchema.PageBytes);
        _metrics = metrics;
        _logger = logger;
        _thread = new Thread(Run) { Name = "journal-checkpoint", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Called by the writer after each commit.</summary>
    public void Written(int pages)
    {
        _pages += pages;
        if (_pages < _pagesBetween || _running) return;
        _running = true;
        _pages = 0;
        _wake.Set();
    }

    /// <summary>Called by the writer between commits: ends a checkpoint whose bulk is done.</summary>
    public void Finish(JournalStore store)
    {
        if (!_bulkDone) return;
        _bulkDone = false;
        Attempt(() => store.CheckpointPassive());
        _running = false;
    }

    public void Dispose()
    {
        _closing = true;
        _wake.Set();
        _thread.Join();
        _wake.Dispose();
    }

    private void Run()
    {
        while (true)
        {
            _wake.WaitOne();
            if (_closing) return;
            Attempt(CopyBulk);
            _bulkDone = true;
        }
    }

    private void CopyBulk()
    {
        using SqliteDatabase database = SqliteDatabase.Open(_path, create: false);
        // Copying out of order of a lost flush would tear the file: the copy is flushed as every commit is.
        database.Execute("PRAGMA synchronous=FULL");
        int before = 0;
        for (int pass = 0; pass < PassesMax && !_closing; pass++)
        {
            (int logged, int copied) = database.CheckpointPassive();
            if (logged - copied > 0 || copied - before < RestPages) break;
            before = copied;
        }
        _metrics.Checkpointed();
    }

    private void Attempt(Action copy)
    {
        try
        {
            copy();
        }
        catch (SqliteFailureException failure)
        {
            _metrics.CheckpointFailed();
            _logger.CheckpointFailed(_path, failure.Message);
        }
    }
}
