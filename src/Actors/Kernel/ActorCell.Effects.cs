using QTrade.Actors.Journal;
using QTrade.Actors.Work;

namespace QTrade.Actors.Kernel;

/// <summary>How recorded effects are carried out; those of a handler that persists wait for the commit.</summary>
internal abstract partial class ActorCell
{
    /// <summary>Carries out one effect that is not a send.</summary>
    internal void CarryOut(in EffectEntry entry)
    {
        switch (entry.Kind)
        {
            case EffectKind.Offer:
                ((ActorRef)entry.Subject!).Offer(entry.Content!, this, (CreditWaiter)entry.More!);
                break;
            case EffectKind.StartTimer:
                StartTimer((TimerEntry)entry.Content!, entry.Delay);
                break;
            case EffectKind.CancelTimer:
                if (_timers is not null && _timers.Remove((string)entry.Subject!, out var timer))
                    timer.Cancel();
                break;
            case EffectKind.RunWork:
                ((WorkPool)entry.Subject!).Submit((WorkItem)entry.Content!);
                break;
            case EffectKind.RunIo:
                System.StartIo((IoItem)entry.Content!);
                break;
            case EffectKind.Spawn:
                ((ActorCell)entry.Subject!).Tell(new StartMessage());
                break;
            case EffectKind.Watch:
                Watch((ActorRef)entry.Subject!, (WatchMessage)entry.Content!);
                break;
            case EffectKind.Unwatch:
                ((ActorRef)entry.Subject!).Cell?.Tell(new UnwatchMessage(this));
                break;
            case EffectKind.Stop:
                Stop((ActorRef)entry.Subject!);
                break;
            case EffectKind.Unstash:
                BringBack();
                break;
            default:
                throw new InvalidOperationException($"unknown effect {entry.Kind}");
        }
    }

    internal void OnAppendEnded(AppendStatus status, string? error)
    {
        if (_state != CellState.Persisting)
            return;
        _state = CellState.Active;
        if (status == AppendStatus.Committed)
        {
            if (Commit())
            {
                _effects.Run();
                KeepSnapshot(System.Journal!);
            }

            return;
        }

        _effects.Rollback();
        System.Observer.AppendFailed(Path, status, error);
        RefuseEvents(status, error ?? status.ToString());
        if (status == AppendStatus.Conflict)
            OnStopRequested($"fenced: another writer appends to '{_eventSourced!.PersistenceId}'");
    }

    /// <summary>Carries out what is recorded, or begins the append that it waits for.</summary>
    private void RunEffects()
    {
        if (_eventSourced is not { HasEvents: true } instance)
        {
            if (_effects.Count > 0 || _effects.MustRun)
                _effects.Run();
            return;
        }

        _effects.RunEarlier();
        if (System.Journal is not { } journal)
        {
            if (Commit())
                _effects.Run();
            return;
        }

        try
        {
            var request = instance.PrepareAppend(this);
            journal.Append(request);
            // The answer comes back as a message, so it is never handled before this line; whoever reads "Persisting" knows that the journal has it.
            _state = CellState.Persisting;
        }
#pragma warning disable CA1031 // An event that cannot be encoded is a failure of its handler.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _state = CellState.Active;
            _effects.Rollback();
            Fail(failure);
            return;
        }

        _effects.RunAtOnce();
    }

    /// <summary>Applies what is durable. An apply that throws fails the actor, which then recovers from the journal.</summary>
    private bool Commit()
    {
        try
        {
            _eventSourced!.Commit();
            return true;
        }
#pragma warning disable CA1031 // Supervision restarts it from the journal.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _effects.Rollback();
            Fail(failure);
            return false;
        }
    }

    /// <summary>What is durable and done does not depend on it: a snapshot that fails is told, and the actor goes on.</summary>
    private void KeepSnapshot(IJournal journal)
    {
        try
        {
            _eventSourced!.KeepSnapshot(journal);
        }
#pragma warning disable CA1031 // It costs recovery time only.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            System.Observer.SnapshotFailed(Path, failure);
        }
    }

    private void RefuseEvents(AppendStatus status, string error)
    {
        _effects.Begin(null);
        try
        {
            _eventSourced!.Refuse(status, error);
        }
#pragma warning disable CA1031 // A handler's failure is what supervision is for.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _effects.Rollback();
            Fail(failure);
            return;
        }

        _effects.Run();
    }

    private bool TakeTimer(TimerEntry timer)
    {
        var counts = timer.Take();
        // A tick that was put aside comes a second time, when its name may be another timer's.
        if (counts && !timer.Repeats && _timers is not null && _timers.TryGetValue(timer.Name, out var named) && ReferenceEquals(named, timer))
            _timers.Remove(timer.Name);
        return counts;
    }

    private void StartTimer(TimerEntry timer, TimeSpan delay)
    {
        _timers ??= [];
        if (_timers.Remove(timer.Name, out var replaced))
            replaced.Cancel();
        _timers.Add(timer.Name, timer);
        timer.Start(Time, delay);
    }

    private void CancelTimers()
    {
        if (_timers is null)
            return;
        foreach (var timer in _timers.Values)
            timer.Cancel();
        _timers.Clear();
    }

    private static void Watch(ActorRef subject, WatchMessage watch)
    {
        if (subject.Cell is not { } cell || !cell.TryTell(watch))
            watch.Notify();
    }

    /// <summary>Its own stop is the kernel's next word, since the effects after it are still to be carried out.</summary>
    private void Stop(ActorRef actor)
    {
        if (ReferenceEquals(actor.Cell, this))
            Tell(new StopMessage("stopped itself"));
        else
            actor.Cell?.Tell(new StopMessage($"stopped by {Path}"));
    }
}
