using System.Collections.Immutable;
using QTrade.Actors.EventSourcing;
using QTrade.Actors.Journal;
using QTrade.Actors.Kernel;
using QTrade.Actors.Scheduling;
using QTrade.Actors.Supervision;
using QTrade.Actors.Work;

namespace QTrade.Actors;

/// <summary>A tree of actors over one scheduler.</summary>
public sealed class ActorSystem : IDisposable
{
    private readonly ActorSystemOptions _options;
    private readonly Dictionary<string, ActorCell> _roots = [];
    private readonly List<WorkPool> _workPools = [];
    private readonly Lazy<WorkPool> _recoveryPool;
    private readonly CancellationTokenSource _ended = new();
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _stopping;
    private int _ioUnderWay;
    private long _ioRefused;

    /// <param name="scheduler">Gives the actors their turns; a system has one of its own.</param>
    /// <param name="options">Journal, bounds, observer.</param>
    public ActorSystem(Scheduler scheduler, ActorSystemOptions? options = null)
    {
        Scheduler = scheduler;
        _options = options ?? new ActorSystemOptions();
        Observer = _options.Observer ?? SilentObserver.Instance;
        _recoveryPool = new Lazy<WorkPool>(() => CreateWorkPool("recovery", new WorkPoolOptions
        {
            Threads = _options.RecoveryConcurrency,
            QueueCapacity = _options.RecoveryQueueCapacity,
        }));
    }

    public TimeProvider Time => Scheduler.Time;

    /// <summary>Messages that were not handled.</summary>
    public DeadLetters DeadLetters { get; } = new();

    /// <summary>Stored events that could not be used.</summary>
    public Quarantine Quarantine { get; } = new();

    /// <summary>Input and output refused because too much was under way.</summary>
    public long IoRefused => Volatile.Read(ref _ioRefused);

    /// <summary>The work pools, that of recovery among them.</summary>
    public ImmutableArray<WorkPool> WorkPools
    {
        get
        {
            lock (_workPools)
                return [.. _workPools];
        }
    }

    /// <summary>Completes once every actor has stopped after <see cref="StopAsync"/>.</summary>
    public Task Stopped => _stopped.Task;

    internal Scheduler Scheduler { get; }

    /// <summary>Whether it was disposed of: no actor begins a turn any more.</summary>
    internal bool IsEnded => _ended.IsCancellationRequested;

    internal IActorObserver Observer { get; }

    internal IJournal? Journal => _options.Journal;

    /// <summary>Made when the first entity is read, so that a system without them has no threads for it.</summary>
    internal WorkPool RecoveryPool => _recoveryPool.Value;

    /// <summary>Makes and starts an actor at the top.</summary>
    /// <exception cref="InvalidOperationException">An actor of that name lives, or the system stops.</exception>
    public ActorRef<TMessage> Spawn<TMessage>(Props<TMessage> props, string name)
        where TMessage : class
    {
        var cell = new ActorCell<TMessage>(this, null, ActorPath.Root.Child(name), props);
        lock (_roots)
        {
            if (_stopping)
                throw new InvalidOperationException("the actor system stops");
            if (!_roots.TryAdd(name, cell))
                throw new InvalidOperationException($"there is an actor named '{name}'");
        }

        cell.Tell(new StartMessage());
        return (ActorRef<TMessage>)cell.Ref;
    }

    /// <summary>Threads of their own for long work; they end with the system.</summary>
    public WorkPool CreateWorkPool(string name, WorkPoolOptions? options = null)
    {
        var pool = Scheduler.CreateWorkPool(name, options ?? new WorkPoolOptions());
        lock (_workPools)
            _workPools.Add(pool);
        return pool;
    }

    /// <summary>Stops one actor and its children, once it has handled the message it is at.</summary>
    public static void Stop(ActorRef actor) => actor.Cell?.Tell(new StopMessage("stopped from outside"));

    /// <summary>Stops every actor, children before parents. Under simulation the returned task completes as the simulation is run.</summary>
    public Task StopAsync()
    {
        ActorCell[] roots;
        lock (_roots)
        {
            _stopping = true;
            roots = [.. _roots.Values];
            if (roots.Length == 0)
                _stopped.TrySetResult();
        }

        foreach (var root in roots)
            root.Tell(new StopMessage("the system stops"));
        return _stopped.Task;
    }

    /// <summary>Every actor, parents before children, in the order of their paths.</summary>
    public ImmutableArray<ActorReport> Hierarchy()
    {
        ActorCell[] roots;
        lock (_roots)
            roots = [.. _roots.Values];
        var reports = ImmutableArray.CreateBuilder<ActorReport>();
        AddReports(reports, roots);
        return reports.ToImmutable();
    }

    /// <summary>
    /// Ends the system as a crash would: the threads of the work pools end, input and output are cancelled, and no actor begins another
    /// turn. To have actors stop, await <see cref="StopAsync"/> before.
    /// </summary>
    public void Dispose()
    {
        _ended.Cancel();
        lock (_workPools)
        {
            foreach (var pool in _workPools)
                pool.Dispose();
        }
    }

    internal RecoveredEntity? TakeRecovered(string persistenceId) => _options.Recovered.Take(persistenceId);

    internal void StartIo(IoItem item)
    {
        if (Interlocked.Increment(ref _ioUnderWay) > _options.IoCapacity)
        {
            Interlocked.Decrement(ref _ioUnderWay);
            Interlocked.Increment(ref _ioRefused);
            item.Refuse($"too much input and output is under way ({_options.IoCapacity})");
            return;
        }

        Scheduler.StartIo(item, () => Interlocked.Decrement(ref _ioUnderWay), _ended.Token);
    }

    internal void OnRootStopped(ActorCell cell)
    {
        lock (_roots)
        {
            _roots.Remove(cell.Path.Name);
            if (_stopping && _roots.Count == 0)
                _stopped.TrySetResult();
        }
    }

    private static void AddReports(ImmutableArray<ActorReport>.Builder reports, ActorCell[] cells)
    {
        foreach (var cell in cells.OrderBy(cell => cell.Path.Value, StringComparer.Ordinal))
        {
            reports.Add(cell.Report());
            AddReports(reports, cell.Children());
        }
    }

    private sealed class SilentObserver : IActorObserver
    {
        internal static SilentObserver Instance { get; } = new();

        public void Failed(ActorPath path, Exception failure, SupervisionDirective directive)
        {
        }

        public void Stopped(ActorPath path, string reason)
        {
        }

        public void AppendFailed(ActorPath path, AppendStatus status, string? error)
        {
        }

        public void RecoveryFailed(ActorPath path, Exception failure)
        {
        }

        public void SnapshotFailed(ActorPath path, Exception failure)
        {
        }
    }
}
