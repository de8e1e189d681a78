using QTrade.Actors.Journal;

namespace QTrade.Benchmarks.Journal;

/// <summary>Entities that each have one append in flight: the next is handed over on a thread of the pool when the last is durable, as actors do.</summary>
internal sealed class AppendRun : IDisposable
{
    private readonly IJournal _journal;
    private readonly Entity[] _entities;
    private readonly CountdownEvent _left;
    private volatile bool _stopped;

    public AppendRun(IJournal journal, string name, int entities, int payloadBytes)
    {
        _journal = journal;
        _left = new CountdownEvent(entities);
        byte[] payload = new byte[payloadBytes];
        _entities = new Entity[entities];
        for (int i = 0; i < entities; i++) _entities[i] = new Entity(this, $"pool/{name}-{i}", new EventData("pool.reserves-changed", 1, payload));
    }

    public void Start()
    {
        foreach (Entity entity in _entities) _journal.Append(entity);
    }

    public void Stop() => _stopped = true;

    /// <summary>Waits until nothing is in flight after <see cref="Stop"/>.</summary>
    /// <returns>Events that are durable.</returns>
    public long WaitForAll()
    {
        _left.Wait();
        return _entities.Sum(entity => entity.Committed);
    }

    public void Dispose() => _left.Dispose();

    private sealed class Entity(AppendRun run, string persistenceId, EventData data) : AppendRequest, IThreadPoolWorkItem
    {
        public long Committed { get; private set; }

        public override string PersistenceId => persistenceId;

        public override long FirstSequenceNumber => Committed + 1;

        public override int Count => 1;

        public override EventData this[int index] => data;

        public override void Complete(AppendStatus status, string? error)
        {
            if (status != AppendStatus.Committed) Environment.FailFast($"the append was refused: {status} {error}");
            Committed++;
            if (run._stopped) run._left.Signal();
            else ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        public void Execute() => run._journal.Append(this);
    }
}
