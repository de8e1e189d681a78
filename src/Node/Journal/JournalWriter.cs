using System.Runtime.InteropServices;
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

    /// <summary>How long an answer in doubt is waited for before it is asked for again; the store's own backoff lies behind it.</summary>
    private static readonly TimeSpan SettleInterval = TimeSpan.FromMilliseconds(50);

    private readonly JournalSite _site;
    private readonly IGroupStore _store;
    private readonly JournalBounds _bounds;
    private readonly JournalMetrics _metrics;
    private readonly Thread _thread;
    private readonly ITimer _watch;

    private readonly Lock _gate = new();
    private readonly AutoResetEvent _wake = new(false);
    private List<AppendRequest> _pending = [];
    private List<AppendRequest> _refused = [];
    private Dictionary<string, StoredSnapshot> _pendingSnapshots = [];
    private Queue<Action> _jobs = [];
    private bool _idle;
    private bool _closing;
    private int _pendingCount;
    private long? _writingSince;

    private List<AppendRequest> _group = [];
    private Dictionary<string, StoredSnapshot> _groupSnapshots = [];
    private List<AppendRequest> _meanwhile = [];
    private bool[] _conflicts = new bool[64];
    private int _lastGroup;
    private TimeSpan _lastCommit;
    private bool _failing;

    /// <param name="site">The journal.</param>
    /// <param name="store">Where it is kept; this disposes it.</param>
    /// <param name="bounds">What may wait.</param>
    public JournalWriter(JournalSite site, IGroupStore store, JournalBounds bounds)
    {
        _site = site;
        _store = store;
        _bounds = bounds;
        _metrics = site.Metrics;
        _watch = site.Time.CreateTimer(_ => RefuseBehind(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
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
                List<AppendRequest> queue = _pending.Count < _bounds.PendingAppendsMax ? _pending : _refused;
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
            dropped = _closing || (!known && _pendingSnapshots.Count >= _bounds.PendingSnapshotsMax);
            bool newer = !known || snapshot.SequenceNumber >= waiting.SequenceNumber;
            if (!dropped && newer) _pendingSnapshots[snapshot.PersistenceId] = snapshot;
            if (!dropped) Wake();
        }
        if (dropped) _metrics.SnapshotsGivenUp(1);
    }

    /// <summary>Runs work on the writer's thread, between two commits.</summary>
    public Task RunAsync(Action work)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_closing) return Task.FromException(new ObjectDisposedException(nameof(JournalWriter)));
            _jobs.Enqueue(() => Run(work, done));
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
        _watch.Dispose();
        _store.Dispose();
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
        while (WaitForWork(out Queue<Action>? jobs, out List<AppendRequest>? refused))
        {
            Refuse(refused, $"more than {_bounds.PendingAppendsMax} appends are waiting for the journal");
            for (int from = 0; from < _group.Count || (from == 0 && _groupSnapshots.Count > 0); from += _bounds.GroupAppendsMax)
                CommitGroup(from, Math.Min(_group.Count - from, _bounds.GroupAppendsMax));
            _group.Clear();
            while (jobs.TryDequeue(out Action? job)) job();
            _store.Rest();
        }
    }

    private bool WaitForWork(out Queue<Action> jobs, out List<AppendRequest> refused)
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
        long started = _site.Time.GetTimestamp();
        TimeSpan limit = _lastCommit / 2;
        for (int turn = 0; turn < GatherTurnsMax; turn++)
        {
            if (Volatile.Read(ref _pendingCount) >= _lastGroup || _site.Time.GetElapsedTime(started) >= limit) return;
            if (!Thread.Yield()) Thread.SpinWait(50);
        }
    }

    private void CommitGroup(int from, int count)
    {
        Watch(isWriting: true);
        AppendStatus status = TryCommit(from, count, out string? error);
        if (status == AppendStatus.Full && _groupSnapshots.Count > 0)
        {
            // A snapshot is the larger and the less needed: the events may still fit without it.
            _metrics.SnapshotsGivenUp(_groupSnapshots.Count);
            _groupSnapshots.Clear();
            if (count > 0) status = TryCommit(from, count, out error);
        }
        Watch(isWriting: false);
        if (status != AppendStatus.Committed && _groupSnapshots.Count > 0) _metrics.SnapshotsGivenUp(_groupSnapshots.Count);
        _groupSnapshots.Clear();
        Report(status, error);
        CompleteGroup(from, count, status, error);
    }

    private void Watch(bool isWriting)
    {
        lock (_gate) _writingSince = isWriting ? _site.Time.GetTimestamp() : null;
        TimeSpan every = isWriting ? _bounds.AnswerWithin : Timeout.InfiniteTimeSpan;
        _watch.Change(every, every);
    }

    /// <summary>
    /// On a timer's thread: a store that does not answer is given up by its own time-outs, one after the other. Whoever waits behind that is told
    /// before: nothing of theirs was begun.
    /// </summary>
    private void RefuseBehind()
    {
        List<AppendRequest> behind;
        lock (_gate)
        {
            if (_writingSince is not { } since || _site.Time.GetElapsedTime(since) < _bounds.AnswerWithin) return;
            (behind, _pending) = (_pending, []);
            _pendingCount = 0;
        }
        Refuse(behind, $"{_site.Location}: a commit has not been answered for more than {_bounds.AnswerWithin.TotalSeconds:0.#} s");
    }

    private AppendStatus TryCommit(int from, int count, out string? error)
    {
        error = null;
        try
        {
            Write(from, count);
            return AppendStatus.Committed;
        }
        catch (JournalStoreException failure)
        {
            error = failure.Message;
            if (failure.IsCorrupt) _site.Corrupted(error);
            _store.Undo(failure.IsFull);
            return failure.IsInDoubt ? Settle(count, ref error) : failure.IsFull ? AppendStatus.Full : AppendStatus.Broken;
        }
#pragma warning disable CA1031 // What a request's own code throws must not end this thread, on which every actor waits, and the node with it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            error = $"{exception.GetType().Name}: {exception.Message}";
            _store.Undo(full: false);
            return AppendStatus.Broken;
        }
    }

    private void Write(int from, int count)
    {
        long started = _site.Time.GetTimestamp();
        if (_conflicts.Length < count) _conflicts = new bool[Math.Max(count, 2 * _conflicts.Length)];
        GroupWritten written = _store.Write(
            CollectionsMarshal.AsSpan(_group).Slice(from, count),
            _conflicts.AsSpan(0, count),
            _groupSnapshots.Values,
            _site.Time.GetUtcNow().ToUnixTimeMilliseconds());

        _lastCommit = _site.Time.GetElapsedTime(started);
        Count(count, written);
    }

    private void Count(int count, GroupWritten written)
    {
        _lastGroup = count;
        _metrics.SnapshotsSaved(_groupSnapshots.Count);
        if (written.Events > 0) _metrics.Committed(count, written, _lastCommit);
    }

    /// <summary>
    /// Waits until the store can tell whether a commit whose answer was lost took effect: an append that did and is answered "broken" would
    /// be fenced by its own events. Whoever appends meanwhile is refused at once.
    /// </summary>
    private AppendStatus Settle(int count, ref string? error)
    {
        Report(AppendStatus.Broken, error);
        // At once: a question to a server that does not answer takes as long as connecting may.
        bool goesOn = RefuseMeanwhile(error!);
        while (true)
        {
            try
            {
                if (_store.TookEffect() is not { } written) return AppendStatus.Broken;
                Count(count, written);
                error = null;
                return AppendStatus.Committed;
            }
            catch (JournalStoreException failure)
            {
                error = failure.Message;
                _store.Undo(full: false);
            }
            if (!goesOn)
            {
                error = $"closed before the answer to a commit could be asked for again, which the next start finds as it is ({error})";
                return AppendStatus.Broken;
            }
            goesOn = RefuseMeanwhile(error);
        }
    }

    /// <returns>Whether to go on waiting.</returns>
    private bool RefuseMeanwhile(string error)
    {
        bool closing;
        lock (_gate)
        {
            (_pending, _meanwhile) = (_meanwhile, _pending);
            _meanwhile.AddRange(_refused);
            _refused.Clear();
            _pendingCount = 0;
            closing = _closing;
            _idle = !closing;
        }
        Refuse(_meanwhile, $"{_site.Location}: {error}");
        _meanwhile.Clear();
        if (!closing) _wake.WaitOne(SettleInterval);
        return !closing;
    }

    private void Refuse(List<AppendRequest> refused, string error)
    {
        _metrics.RefusedAsBroken(refused.Count);
        foreach (AppendRequest request in refused) Complete(request, AppendStatus.Broken, error);
    }

    private void Report(AppendStatus status, string? error)
    {
        bool failed = status != AppendStatus.Committed;
        if (failed && !_failing)
        {
            if (status == AppendStatus.Full) _site.Logger.DiskFull(_site.Location, error ?? "");
            else _site.Logger.CannotWrite(_site.Location, error ?? "");
        }
        else if (!failed && _failing) _site.Logger.WritesAgain(_site.Location);
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
                Complete(request, status, $"{_site.Location}: {error}");
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
            _site.Logger.CompletionThrew(request.PersistenceId, exception);
        }
    }

    private static void Run(Action work, TaskCompletionSource done)
    {
        try
        {
            work();
            done.SetResult();
        }
#pragma warning disable CA1031 // The failure is the one's who gave the work.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            done.SetException(exception);
        }
    }
}
