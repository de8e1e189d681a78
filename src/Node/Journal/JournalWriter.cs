using Microsoft.Extensions.Logging;
using QTrade.Actors.Journal;

namespace QTrade.Node.Journal;

/// <summary>
/// Group commit over all actors of the node: one thread takes every append that waits, writes them in one transaction, which costs the
/// disk one flush, and then completes each.
/// </summary>
internal sealed class JournalWriter : IDisposable
{
    /// <summary>Bound on the wait for appends that follow from the last commit, in turns given to other threads.</summary>
    private const int GatherTurnsMax = 1_000;

    private readonly string _path;
    private readonly SqliteJournalOptions _options;
    private readonly TimeProvider _time;
    private readonly JournalMetrics _metrics;
    private readonly ILogger _logger;
    private readonly JournalCheckpoint _checkpoint;
    private readonly Thread _thread;

    private readonly Lock _gate = new();
    private readonly AutoResetEvent _wake = new(false);
    private List<AppendRequest> _pending = [];
    private List<AppendRequest> _refused = [];
    private Dictionary<string, StoredSnapshot> _pendingSnapshots = [];
    private Queue<Action<JournalStore>> _jobs = [];
    private bool _idle;
    private bool _closing;
    private int _pendingCount;

    private JournalStore? _store;
    private List<AppendRequest> _group = [];
    private Dictionary<string, StoredSnapshot> _groupSnapshots = [];
    private bool[] _conflicts = new bool[64];
    private int _lastGroup;
    private TimeSpan _lastCommit;
    private bool _failing;

    public JournalWriter(
        string path, JournalStore store, SqliteJournalOptions options, TimeProvider time, JournalMetrics metrics, ILogger logger)
    {
        _path = path;
        _store = store;
        _options = options;
        _time = time;
        _metrics = metrics;
        _logger = logger;
        _checkpoint = new JournalCheckpoint(path, options.CheckpointBytes, metrics, logger);
        _thread = new Thread(Run) { Name = "journal", IsBackground = true };
        _thread.Start();
    }

    public void Append(AppendRequest request)
    {
        bool closed;
        lock (_gate)
        {
            closed = _closing;
            if (!closed)
            {
                List<AppendRequest> queue = _pending.Count < _options.PendingAppendsMax ? _pending : _refused;
                queue.Add(request);
                _pendingCount = _pending.Count;
                Wake();
            }
        }
        if (closed) Complete(request, AppendStatus.Broken, "the journal is closed");
    }

    public void Save(StoredSnapshot snapshot)
    {
        bool dropped;
        lock (_gate)
        {
            bool known = _pendingSnapshots.TryGetValue(snapshot.PersistenceId, out StoredSnapshot waiting);
            dropped = _closing || (!known && _pendingSnapshots.Count >= _options.PendingSnapshotsMax);
            bool newer = !known || snapshot.SequenceNumber >= waiting.SequenceNumber;
            if (!dropped && newer) _pendingSnapshots[snapshot.PersistenceId] = snapshot;
            if (!dropped) Wake();
        }
        if (dropped) _metrics.SnapshotsGivenUp(1);
    }

    /// <summary>Runs work on the writer's connection, between two commits.</summary>
    public Task RunAsync(Action<JournalStore> work)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_closing) return Task.FromException(new ObjectDisposedException(nameof(JournalWriter)));
            _jobs.Enqueue(store => Run(work, store, done));
            Wake();
        }
        return done.Task;
    }

    /// <summary>Writes what waits and ends the thread.</summary>
    public void Dispose()
    {
        lock (_gate) _closing = true;
        _wake.Set();
        _thread.Join();
        _checkpoint.Dispose();
        _store?.Dispose();
        _wake.Dispose();
    }

    /// <summary>Called with the gate held, so that nobody wakes a thread that was let go.</summary>
    private void Wake()
    {
        if (!_idle) return;
        _idle = false;
        _wake.Set();
    }

    private void Run()
    {
        while (WaitForWork(out Queue<Action<JournalStore>>? jobs, out List<AppendRequest>? refused))
        {
            foreach (AppendRequest request in refused)
            {
                _metrics.RefusedAsBroken(1);
                Complete(request, AppendStatus.Broken, $"more than {_options.PendingAppendsMax} appends are waiting for the journal");
            }
            for (int from = 0; from < _group.Count || (from == 0 && _groupSnapshots.Count > 0); from += _options.GroupAppendsMax)
                CommitGroup(from, Math.Min(_group.Count - from, _options.GroupAppendsMax));
            _group.Clear();
            RunJobs(jobs);
            if (_store is not null) _checkpoint.Finish(_store);
        }
    }

    private bool WaitForWork(out Queue<Action<JournalStore>> jobs, out List<AppendRequest> refused)
    {
        Gather();
        while (true)
        {
            lock (_gate)
            {
                jobs = _jobs;
                refused = _refused;
                bool work = _pending.Count + _pendingSnapshots.Count + jobs.Count + refused.Count > 0;
                if (work)
                {
                    (_pending, _group) = (_group, _pending);
                    (_pendingSnapshots, _groupSnapshots) = (_groupSnapshots, _pendingSnapshots);
                    _pendingCount = 0;
                    if (jobs.Count > 0) _jobs = [];
                    if (refused.Count > 0) _refused = [];
                    return true;
                }
                if (_closing) return false;
                _idle = true;
            }
            _wake.WaitOne();
        }
    }

    /// <summary>
    /// Those who were just answered often append again at once: waiting for as many as before, no longer than a part of what a commit
    /// costs, makes one full group of what would be two.
    /// </summary>
    private void Gather()
    {
        if (_lastGroup <= 1) return;
        long started = _time.GetTimestamp();
        TimeSpan limit = _lastCommit / 2;
        for (int turn = 0; turn < GatherTurnsMax; turn++)
        {
            if (Volatile.Read(ref _pendingCount) >= _lastGroup || _time.GetElapsedTime(started) >= limit) return;
            if (!Thread.Yield()) Thread.SpinWait(50);
        }
    }

    private void CommitGroup(int from, int count)
    {
        AppendStatus status = TryCommit(from, count, out string? error);
        if (status != AppendStatus.Committed && _groupSnapshots.Count > 0)
        {
            // A snapshot is the larger and the less needed: the events may still fit without it.
            _metrics.SnapshotsGivenUp(_groupSnapshots.Count);
            _groupSnapshots.Clear();
            if (count > 0) status = TryCommit(from, count, out error);
        }
        _groupSnapshots.Clear();
        Report(status, error);
        CompleteGroup(from, count, status, error);
    }

    private AppendStatus TryCommit(int from, int count, out string? error)
    {
        error = null;
        try
        {
            long started = _time.GetTimestamp();
            Write(from, count, started);
            return AppendStatus.Committed;
        }
        catch (SqliteFailureException failure)
        {
            error = failure.Message;
            if (failure.IsCorrupt) JournalDamage.Mark(_path, error);
            return Undo(failure.IsFull) ? AppendStatus.Full : AppendStatus.Broken;
        }
#pragma warning disable CA1031 // What a request's own code throws must not end this thread, on which every actor waits, and the node with it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            error = $"{exception.GetType().Name}: {exception.Message}";
            Undo(full: false);
            return AppendStatus.Broken;
        }
    }

    private void Write(int from, int count, long started)
    {
        _store ??= Reopen();
        if (_conflicts.Length < count) _conflicts = new bool[Math.Max(count, 2 * _conflicts.Length)];
        long now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        long events = 0, bytes = 0;

        _store.Begin();
        for (int i = 0; i < count; i++)
        {
            AppendRequest request = _group[from + i];
            long written = _store.Append(request, now);
            _conflicts[i] = written < 0;
            if (written < 0) continue;
            events += request.Count;
            bytes += written;
        }
        // After the appends, so that a snapshot finds the entity its last event created.
        foreach (StoredSnapshot snapshot in _groupSnapshots.Values) _store.Put(snapshot, now);
        int pages = _store.Commit();

        _lastCommit = _time.GetElapsedTime(started);
        _lastGroup = count;
        _metrics.SnapshotsSaved(_groupSnapshots.Count);
        if (events > 0) _metrics.Committed(count, events, bytes, pages, _lastCommit);
        _checkpoint.Written(pages);
    }

    /// <summary>Leaves the file as it was before the group.</summary>
    /// <returns>Whether the disk was full. If it was something else, the connection is opened afresh for the next group.</returns>
    private bool Undo(bool full)
    {
        try
        {
            _store?.Rollback();
            if (full) return true;
        }
        catch (SqliteFailureException)
        {
            // The connection is given up below, and with it the transaction.
        }
        _store?.Dispose();
        _store = null;
        return full;
    }

    private JournalStore Reopen()
    {
        SqliteDatabase database = SqliteDatabase.Open(_path, create: false);
        try
        {
            return new JournalStore(database, _options);
        }
        catch (SqliteFailureException)
        {
            database.Dispose();
            throw;
        }
    }

    private void Report(AppendStatus status, string? error)
    {
        bool failed = status != AppendStatus.Committed;
        if (failed && !_failing)
        {
            if (status == AppendStatus.Full) _logger.DiskFull(_path, error ?? "");
            else _logger.CannotWrite(_path, error ?? "");
        }
        else if (!failed && _failing) _logger.WritesAgain(_path);
        _failing = failed;
    }

    private void CompleteGroup(int from, int count, AppendStatus status, string? error)
    {
        if (status == AppendStatus.Full) _metrics.RefusedAsFull(count);
        if (status == AppendStatus.Broken) _metrics.RefusedAsBroken(count);
        for (int i = 0; i < count; i++)
        {
            AppendRequest request = _group[from + i];
            if (status != AppendStatus.Committed)
            {
                Complete(request, status, $"{_path}: {error}");
            }
            else if (_conflicts[i])
            {
                _metrics.Conflicted();
                Complete(request, AppendStatus.Conflict, $"{request.PersistenceId}: event {request.FirstSequenceNumber} is not the next");
            }
            else
            {
                Complete(request, AppendStatus.Committed, null);
            }
        }
    }

    private void Complete(AppendRequest request, AppendStatus status, string? error)
    {
        try
        {
            request.Complete(status, error);
        }
#pragma warning disable CA1031 // One completion that breaks its contract must not keep the others from theirs.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _metrics.CompletionFailed();
            _logger.CompletionThrew(request.PersistenceId, exception);
        }
    }

    private void RunJobs(Queue<Action<JournalStore>> jobs)
    {
        while (jobs.TryDequeue(out Action<JournalStore>? job))
        {
            try
            {
                _store ??= Reopen();
            }
            catch (SqliteFailureException)
            {
                // The job finds no store and fails; the next append tries to open it again and says why it cannot.
            }
            job(_store!);
        }
    }

    private void Run(Action<JournalStore> work, JournalStore? store, TaskCompletionSource done)
    {
        try
        {
            ObjectDisposedException.ThrowIf(store is null, this);
            work(store);
            done.SetResult();
        }
#pragma warning disable CA1031 // The failure is the one's who gave the work.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Undo(full: exception is SqliteFailureException { IsFull: true });
            done.SetException(exception);
        }
    }
}
