using QTrade.Actors.EventSourcing;
using QTrade.Actors.Journal;
using QTrade.Actors.Supervision;

namespace QTrade.Actors.Kernel;

/// <summary>The life of an actor: start, recovery, failure and restart, watching, stop.</summary>
internal abstract partial class ActorCell
{
    /// <summary>A backoff that was doubled so often is past every bound.</summary>
    private const int DoublingsMax = 32;

    /// <summary>Longest wait before a journal that could not be read is read again: whoever waits for it has done nothing wrong.</summary>
    private static readonly TimeSpan ReadAgainMax = TimeSpan.FromSeconds(2);

    private readonly SupervisionPolicy _supervision;
    private readonly Queue<DateTimeOffset> _recentRestarts = new();
    private Dictionary<string, ActorCell>? _children;
    private Dictionary<string, TimerEntry>? _timers;
    private List<WatchMessage>? _watchers;
    private ITimer? _restartTimer;
    private IEventSourced? _eventSourced;
    private string _stopReason = "stopped";
    private long _restarts;
    private int _recoveriesFailed;
    private bool _begun;

    internal CellState State => _state;

    internal string StopReason => _stopReason;

    /// <summary>What stands for this cell in a listing.</summary>
    internal ActorReport Report() => new(
        Path, _state.ToString(), _mailbox.Depth, Volatile.Read(ref _processed), _mailbox.Conflated, _mailbox.Refused,
        Volatile.Read(ref _restarts), _mailbox.LatencyMean, _mailbox.LatencyMax);

    internal ActorCell[] Children()
    {
        if (_children is null)
            return [];
        lock (_children)
            return [.. _children.Values];
    }

    internal ActorCell CreateChild<T>(Props<T> props, string name)
        where T : class
    {
        _children ??= [];
        var child = new ActorCell<T>(System, this, Path.Child(name), props);
        lock (_children)
        {
            if (!_children.TryAdd(name, child))
                throw new InvalidOperationException($"{Path} has a child named '{name}'");
        }

        return child;
    }

    /// <summary>Forgets a child that was never started.</summary>
    internal void DiscardChild(ActorCell child)
    {
        lock (_children!)
            _children.Remove(child.Path.Name);
        child._state = CellState.Stopped;
        child.Bury();
    }

    internal void OnStartRequested()
    {
        if (_state == CellState.New)
            Start();
    }

    internal void OnStopRequested(string reason)
    {
        if (_state >= CellState.Stopping)
            return;
        _stopReason = reason;
        _state = CellState.Stopping;
        CancelTimers();
        StopChildren(reason);
        FinishStopIfAlone();
    }

    internal void OnRestartDue()
    {
        if (_state != CellState.Suspended)
            return;
        _state = CellState.Restarting;
        StopChildren("the parent restarts");
        FinishRestartIfAlone();
    }

    internal void OnChildStopped(ActorCell child)
    {
        lock (_children!)
            _children.Remove(child.Path.Name);
        if (_state == CellState.Stopping)
            FinishStopIfAlone();
        else if (_state == CellState.Restarting)
            FinishRestartIfAlone();
    }

    internal void OnWatched(WatchMessage watch) => (_watchers ??= []).Add(watch);

    internal void OnUnwatched(ActorCell watcher) => _watchers?.RemoveAll(watch => ReferenceEquals(watch.Watcher, watcher));

    /// <summary>What supervision says about a failure is done.</summary>
    internal void Fail(Exception failure)
    {
        if (_state is CellState.Suspended or CellState.Restarting or CellState.Stopping or CellState.Stopped)
            return;
        var directive = Judge(failure);
        System.Observer.Failed(Path, failure, directive);
        switch (directive)
        {
            case SupervisionDirective.Restart:
                RestartLater(failure);
                break;
            case SupervisionDirective.Stop:
                OnStopRequested(Describe(failure));
                break;
            case SupervisionDirective.Escalate when Parent is { } parent:
                _state = CellState.Suspended;
                parent.Tell(new FailureMessage(failure));
                break;
            case SupervisionDirective.Escalate:
                OnStopRequested(Describe(failure));
                break;
            default:
                throw new InvalidOperationException($"unknown directive {directive}");
        }
    }

    internal void OnRecovered(IEventSourced instance, RecoveredEntity entity)
    {
        if (_state != CellState.Recovering || !ReferenceEquals(instance, _eventSourced))
            return;
        _recoveriesFailed = 0;
        System.Quarantine.Add(entity.Quarantined);
        if (entity.Quarantined.Length > 0 && instance.OnUnreadableEvent == UnreadableEventRule.StopActor)
        {
            OnStopRequested(entity.Quarantined[0].Describe());
            return;
        }

        try
        {
            instance.Restore(entity);
        }
#pragma warning disable CA1031 // A failure to restore is what supervision is for.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Fail(failure);
            return;
        }

        Activate();
    }

    /// <summary>
    /// A journal that cannot be read is not the actor's failure, so it costs none of its restarts: it is read again, at the latest every
    /// two seconds, for as long as that takes. Meanwhile messages wait.
    /// </summary>
    internal void OnRecoveryFailed(IEventSourced instance, Exception failure)
    {
        if (_state != CellState.Recovering || !ReferenceEquals(instance, _eventSourced))
            return;
        System.Observer.RecoveryFailed(Path, failure);
        _recoveriesFailed = Math.Min(_recoveriesFailed + 1, DoublingsMax);
        var backoff = _supervision.Backoff(_recoveriesFailed);
        StartLater(backoff < ReadAgainMax ? backoff : ReadAgainMax);
    }

    /// <summary>Makes the instance; null if it failed to be made, with the failure dealt with.</summary>
    private protected abstract IEventSourced? CreateInstance(out Effects effects);

    private protected abstract void InvokeStart(Effects effects);

    private protected abstract void InvokeStop(Effects effects);

    private static string Describe(Exception failure) => $"{failure.GetType().Name}: {failure.Message}";

    /// <summary>A decision that itself fails stops the actor.</summary>
    private SupervisionDirective Judge(Exception failure)
    {
        try
        {
            return _supervision.Decide(failure);
        }
#pragma warning disable CA1031 // It is called where a failure is dealt with already.
        catch (Exception)
#pragma warning restore CA1031
        {
            return SupervisionDirective.Stop;
        }
    }

    private void Start()
    {
        _begun = false;
        string? persistenceId;
        try
        {
            _eventSourced = CreateInstance(out _effects);
            persistenceId = _eventSourced?.PersistenceId;
        }
#pragma warning disable CA1031 // A constructor's failure is what supervision is for.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Fail(failure);
            return;
        }

        if (persistenceId is not null && System.Journal is { } journal)
            Recover(_eventSourced!, persistenceId, journal);
        else
            Activate();
    }

    private void Recover(IEventSourced instance, string persistenceId, IJournal journal)
    {
        _state = CellState.Recovering;
        if (System.TakeRecovered(persistenceId) is { } entity)
            OnRecovered(instance, entity);
        else
            System.RecoveryPool.Submit(new RecoveryWork(this, instance, journal));
    }

    private void Activate()
    {
        _state = CellState.Active;
        _begun = true;
        _effects.Begin(null);
        try
        {
            InvokeStart(_effects);
        }
#pragma warning disable CA1031 // A failure to start is what supervision is for.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _effects.Rollback();
            Fail(failure);
            return;
        }

        RunEffects();
    }

    private void RestartLater(Exception failure)
    {
        var now = Time.GetUtcNow();
        while (_recentRestarts.TryPeek(out var oldest) && now - oldest > _supervision.RestartWindow)
            _recentRestarts.Dequeue();
        if (_recentRestarts.Count >= _supervision.MaxRestarts)
        {
            OnStopRequested($"failed more than {_supervision.MaxRestarts} times in {_supervision.RestartWindow}; last: {Describe(failure)}");
            return;
        }

        _recentRestarts.Enqueue(now);
        Volatile.Write(ref _restarts, _restarts + 1);
        CancelTimers();
        StartLater(_supervision.Backoff(_recentRestarts.Count));
    }

    private void StartLater(TimeSpan backoff)
    {
        _restartTimer?.Dispose();
        _restartTimer = Time.CreateTimer(
            static state => ((ActorCell)state!).Tell(new RestartMessage()), this, backoff, Timeout.InfiniteTimeSpan);
        // Last, so that whoever reads "Suspended" knows that the clock counts already.
        _state = CellState.Suspended;
    }

    private void FinishRestartIfAlone()
    {
        if (HasChildren())
            return;
        _state = CellState.New;
        BringBack();
        Start();
    }

    private void FinishStopIfAlone()
    {
        if (HasChildren())
            return;
        if (_begun)
        {
            _effects.Begin(null);
            _effects.CloseEvents();
            try
            {
                InvokeStop(_effects);
            }
#pragma warning disable CA1031 // The actor is gone either way; the failure is told.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                _effects.Rollback();
                System.Observer.Failed(Path, failure, SupervisionDirective.Stop);
            }

            _effects.Run();
        }

        CancelTimers();
        _restartTimer?.Dispose();
        _state = CellState.Stopped;
        System.Observer.Stopped(Path, _stopReason);
        Bury();
        if (Parent is { } parent)
            parent.Tell(new ChildStoppedMessage(this));
        else
            System.OnRootStopped(this);
    }

    /// <summary>Closes the mailbox: what waits are dead letters, and who watches is told.</summary>
    private void Bury()
    {
        _mailbox.Close();
        foreach (var item in _unstashed ?? [])
            System.DeadLetters.Add(Path, item, DeadLetterReason.Stopped);
        foreach (var item in _stash ?? [])
            System.DeadLetters.Add(Path, item, DeadLetterReason.Stopped);
        while (_mailbox.TryTake(out var item))
            System.DeadLetters.Add(Path, item, DeadLetterReason.Stopped);
        while (_mailbox.TakeSystem() is { } message)
        {
            if (message is WatchMessage watch)
                watch.Notify();
        }

        foreach (var watch in _watchers ?? [])
            watch.Notify();
        _watchers = null;
    }

    private void StopChildren(string reason)
    {
        foreach (var child in Children())
            child.Tell(new StopMessage(reason));
    }

    private bool HasChildren()
    {
        if (_children is null)
            return false;
        lock (_children)
            return _children.Count > 0;
    }
}
