namespace QTrade.Node.Journal;

/// <summary>What the journal did since it was opened. Read from any thread; each figure is exact, together they are not one moment's.</summary>
public sealed class JournalMetrics
{
    private long _events, _groups, _bytes, _pages, _conflicts, _full, _broken, _snapshots, _snapshotsDropped;
    private long _trimmed, _checkpoints, _checkpointFailures, _retentionFailures, _lost, _completionFailures, _commitTicks, _commitTicksMax;
    private int _lastGroupAppends;

    /// <summary>Events that are durable.</summary>
    public long Events => Volatile.Read(ref _events);

    /// <summary>Commits that carried them.</summary>
    public long Groups => Volatile.Read(ref _groups);

    /// <summary>Bytes of the durable events' payloads.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Pages written to the write-ahead log.</summary>
    public long Pages => Volatile.Read(ref _pages);

    /// <summary>Appends in the last commit.</summary>
    public int LastGroupAppends => Volatile.Read(ref _lastGroupAppends);

    /// <summary>Time spent in all commits together, the disk's answer included.</summary>
    public TimeSpan CommitTime => TimeSpan.FromTicks(Volatile.Read(ref _commitTicks));

    /// <summary>The longest commit.</summary>
    public TimeSpan CommitTimeMax => TimeSpan.FromTicks(Volatile.Read(ref _commitTicksMax));

    /// <summary>Appends refused because their sequence number was not the next.</summary>
    public long Conflicts => Volatile.Read(ref _conflicts);

    /// <summary>Appends refused for want of room.</summary>
    public long Full => Volatile.Read(ref _full);

    /// <summary>Appends refused because the journal could not write.</summary>
    public long Broken => Volatile.Read(ref _broken);

    /// <summary>Snapshots that are durable.</summary>
    public long Snapshots => Volatile.Read(ref _snapshots);

    /// <summary>Snapshots given up: too many were waiting, or they could not be written.</summary>
    public long SnapshotsDropped => Volatile.Read(ref _snapshotsDropped);

    /// <summary>Events that retention dropped.</summary>
    public long Trimmed => Volatile.Read(ref _trimmed);

    /// <summary>Times the write-ahead log was copied into the file.</summary>
    public long Checkpoints => Volatile.Read(ref _checkpoints);

    /// <summary>Times that failed; it is tried again.</summary>
    public long CheckpointFailures => Volatile.Read(ref _checkpointFailures);

    /// <summary>Retention passes that failed; they are tried again.</summary>
    public long RetentionFailures => Volatile.Read(ref _retentionFailures);

    /// <summary>Global ordinals whose events could not be read back.</summary>
    public long Lost => Volatile.Read(ref _lost);

    /// <summary>Completions that threw, against their contract.</summary>
    public long CompletionFailures => Volatile.Read(ref _completionFailures);

    internal void Committed(int appends, GroupWritten written, TimeSpan took)
    {
        Interlocked.Add(ref _events, written.Events);
        Interlocked.Add(ref _bytes, written.Bytes);
        Interlocked.Add(ref _pages, written.Pages);
        Interlocked.Increment(ref _groups);
        Interlocked.Add(ref _commitTicks, took.Ticks);
        if (took.Ticks > _commitTicksMax) Volatile.Write(ref _commitTicksMax, took.Ticks);
        Volatile.Write(ref _lastGroupAppends, appends);
    }

    internal void Conflicted() => Interlocked.Increment(ref _conflicts);

    internal void RefusedAsFull(int appends) => Interlocked.Add(ref _full, appends);

    internal void RefusedAsBroken(int appends) => Interlocked.Add(ref _broken, appends);

    internal void SnapshotsSaved(int count) => Interlocked.Add(ref _snapshots, count);

    internal void SnapshotsGivenUp(int count) => Interlocked.Add(ref _snapshotsDropped, count);

    internal void EventsTrimmed(int count) => Interlocked.Add(ref _trimmed, count);

    internal void Checkpointed() => Interlocked.Increment(ref _checkpoints);

    internal void CheckpointFailed() => Interlocked.Increment(ref _checkpointFailures);

    internal void RetentionFailed() => Interlocked.Increment(ref _retentionFailures);

    internal void EventsLost(long count) => Interlocked.Add(ref _lost, count);

    internal void CompletionFailed() => Interlocked.Increment(ref _completionFailures);
}
