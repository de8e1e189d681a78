namespace QTrade.Actors.Journal;

/// <summary>
/// A journal that lives in memory, for simulation: group commits take time by the given clock, faults can be switched on, and a
/// crash loses what was not committed. Under a simulated clock commits are events of the simulation.
/// </summary>
public sealed class InMemoryJournal : IJournal
{
    private readonly TimeProvider _time;
    private readonly TimeSpan _commitLatency;
    private readonly Lock _gate = new();
    private readonly List<StoredEvent> _events = [];
    private readonly Dictionary<string, List<StoredEvent>> _byEntity = [];
    private readonly Dictionary<string, StoredSnapshot> _snapshots = [];
    private List<AppendRequest> _arriving = [];
    private List<AppendRequest> _committing = [];
    private List<StoredSnapshot> _arrivingSnapshots = [];
    private ITimer? _commitTimer;
    private JournalFault _fault;
    private bool _commitDue;
    private bool _crashed;
    private bool _closed;

    /// <param name="time">The clock by which commits take time.</param>
    /// <param name="commitLatency">From the first append of a group to its commit.</param>
    public InMemoryJournal(TimeProvider time, TimeSpan commitLatency = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(commitLatency, TimeSpan.Zero);
        _time = time;
        _commitLatency = commitLatency;
    }

    /// <summary>The fault that holds for every commit until it is taken back.</summary>
    public JournalFault Fault
    {
        get
        {
            lock (_gate)
                return _fault;
        }

        set
        {
            lock (_gate)
                _fault = value;
        }
    }

    /// <summary>Group commits done.</summary>
    public long Commits { get; private set; }

    /// <summary>How many events are durable.</summary>
    public long Count
    {
        get
        {
            lock (_gate)
                return _events.Count;
        }
    }

    public long LastOrdinal => Count;

    public void Append(AppendRequest request)
    {
        lock (_gate)
        {
            if (_crashed)
                return;
            if (!_closed)
            {
                _arriving.Add(request);
                CommitLater();
                return;
            }
        }

        request.Complete(AppendStatus.Broken, "the journal is closed");
    }

    public void SaveSnapshot(StoredSnapshot snapshot)
    {
        lock (_gate)
        {
            if (_crashed || _closed)
                return;
            _arrivingSnapshots.Add(snapshot);
            CommitLater();
        }
    }

    public StoredSnapshot? ReadSnapshot(string persistenceId)
    {
        lock (_gate)
            return _snapshots.TryGetValue(persistenceId, out var snapshot) ? snapshot : null;
    }

    public IEnumerable<StoredEvent> Read(string persistenceId, long afterSequenceNumber)
    {
        lock (_gate)
        {
            return _byEntity.TryGetValue(persistenceId, out var events)
                ? [.. events.Where(stored => stored.SequenceNumber > afterSequenceNumber)]
                : [];
        }
    }

    public IEnumerable<StoredEvent> ReadAll(long afterOrdinal)
    {
        lock (_gate)
            return afterOrdinal >= _events.Count ? [] : _events[(int)Math.Max(0, afterOrdinal)..];
    }

    public long HighestSequenceNumber(string persistenceId)
    {
        lock (_gate)
            return Highest(persistenceId);
    }

    public IEnumerable<string> QuietSince(string prefix, long ordinal)
    {
        lock (_gate)
        {
            return
            [
                .. _byEntity
                    .Where(entity => entity.Key.StartsWith(prefix, StringComparison.Ordinal) && entity.Value[^1].Ordinal <= ordinal)
                    .Select(entity => entity.Key)
                    .Order(StringComparer.Ordinal),
            ];
        }
    }

    /// <inheritdoc/>
    public long EventsBeyondSnapshots(string prefix)
    {
        lock (_gate)
        {
            return _byEntity
                .Where(entity => entity.Key.StartsWith(prefix, StringComparison.Ordinal))
                .Sum(entity => entity.Value.LongCount(stored => stored.SequenceNumber > (_snapshots.TryGetValue(entity.Key, out var snapshot) ? snapshot.SequenceNumber : 0)));
        }
    }

    /// <summary>Writes an event past whoever writes this entity, as a second node would: that one's next append conflicts.</summary>
    public void WriteElsewhere(string persistenceId, EventData data)
    {
        lock (_gate)
            Write(persistenceId, Highest(persistenceId) + 1, data);
    }

    /// <summary>
    /// The machine loses power: what is not committed is gone, and this journal says nothing more. Returns the journal as the next
    /// start finds it.
    /// </summary>
    /// <param name="time">The clock of that start.</param>
    public InMemoryJournal Crash(TimeProvider time)
    {
        lock (_gate)
        {
            _crashed = true;
            _arriving.Clear();
            _arrivingSnapshots.Clear();
            var found = new InMemoryJournal(time, _commitLatency);
            foreach (var stored in _events)
                found.Write(stored.PersistenceId, stored.SequenceNumber, stored.Data);
            foreach (var snapshot in _snapshots)
                found._snapshots.Add(snapshot.Key, snapshot.Value);
            return found;
        }
    }

    /// <summary>Commits what waits and takes nothing more.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_gate)
            _closed = true;
        Commit();
        _commitTimer?.Dispose();
        return ValueTask.CompletedTask;
    }

    private void CommitLater()
    {
        if (_commitDue)
            return;
        _commitDue = true;
        _commitTimer ??= _time.CreateTimer(
            static state => ((InMemoryJournal)state!).Commit(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _commitTimer.Change(_commitLatency, Timeout.InfiniteTimeSpan);
    }

    private void Commit()
    {
        List<(AppendRequest Request, AppendStatus Status)> ended = [];
        lock (_gate)
        {
            _commitDue = false;
            (_arriving, _committing) = (_committing, _arriving);
            foreach (var request in _committing)
                ended.Add((request, Write(request)));
            _committing.Clear();
            if (_fault == JournalFault.None)
            {
                foreach (var snapshot in _arrivingSnapshots)
                    Keep(snapshot);
                Commits++;
            }

            _arrivingSnapshots.Clear();
        }

        foreach (var (request, status) in ended)
            request.Complete(status, Describe(request, status));
    }

    private void Keep(in StoredSnapshot snapshot)
    {
        if (!_snapshots.TryGetValue(snapshot.PersistenceId, out var kept) || kept.SequenceNumber < snapshot.SequenceNumber)
            _snapshots[snapshot.PersistenceId] = snapshot;
    }

    private AppendStatus Write(AppendRequest request)
    {
        if (_fault != JournalFault.None)
            return _fault == JournalFault.Full ? AppendStatus.Full : AppendStatus.Broken;
        if (Highest(request.PersistenceId) + 1 != request.FirstSequenceNumber)
            return AppendStatus.Conflict;
        for (var i = 0; i < request.Count; i++)
            Write(request.PersistenceId, request.FirstSequenceNumber + i, request[i]);
        return AppendStatus.Committed;
    }

    private void Write(string persistenceId, long sequenceNumber, EventData data)
    {
        var stored = new StoredEvent(_events.Count + 1, persistenceId, sequenceNumber, data);
        _events.Add(stored);
        if (!_byEntity.TryGetValue(persistenceId, out var events))
            _byEntity.Add(persistenceId, events = []);
        events.Add(stored);
    }

    private long Highest(string persistenceId) =>
        _byEntity.TryGetValue(persistenceId, out var events) ? events[^1].SequenceNumber : 0;

    private static string? Describe(AppendRequest request, AppendStatus status) => status switch
    {
        AppendStatus.Committed => null,
        AppendStatus.Conflict => $"'{request.PersistenceId}' #{request.FirstSequenceNumber} is not the next event: another writer was here",
        AppendStatus.Full => "the disk is full",
        AppendStatus.Broken => "the journal cannot be written",
        _ => throw new InvalidOperationException($"unknown status {status}"),
    };
}
