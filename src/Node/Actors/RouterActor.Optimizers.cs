using QTrade.Actors;
using QTrade.Actors.EventSourcing;
using QTrade.Messages;
using QTrade.Messages.Routing;
using QTrade.Trading.Routing;

namespace QTrade.Node.Actors;

/// <summary>Who is at which snapshot: optimizers are given one, answer it, let its lease lapse and go.</summary>
public sealed partial class RouterActor
{
    private static readonly TimeSpan LeaseLookMin = TimeSpan.FromMilliseconds(1);

    private void Hear(OptimizerReady ready, RouterState state, Effects<IRouterEvent> effects)
    {
        if (_idle.Hear(ready.Optimizer, State))
            Look(state, effects);
    }

    /// <summary>
    /// To the optimizer that has been idle for longest. A solve is a pure function, so one of ours begins while the hand-out is being written: its answer waits for that. Where the journal refuses the
    /// hand-out the answer is of a snapshot that nobody knows, as its number is not given again.
    /// </summary>
    private void Give(SolveSnapshot work, Effects effects)
    {
        var name = _idle.Give(work.SnapshotId);
        if (_optimizers.TryGetValue(name, out var optimizer))
            effects.SendAtOnce(optimizer, new SolveWork(work));
        else
            effects.Send(_setup.RemoteOptimizer!(name), new SolveWork(work));
        if (_leases.Running == 1)
            WatchLeases(effects);
    }

    /// <summary>The newest cut that nobody is at any more, where none is due that would be newer. It was handed out once, and ends once.</summary>
    private void OfferAgain(Effects effects)
    {
        if (_leases.ToOfferAgain is { } id && State.Undecided.ContainsKey(id) && _work.TryGetValue(id, out var work)
            && _leases.Grant(id, _idle.Longest, _setup.Now()) is not null)
            Give(work.Snapshot, effects);
    }

    /// <summary>The first answer of a snapshot counts. One that the journal refused is decided again, and was the first then.</summary>
    private void Note(SnapshotId id, RouterState state)
    {
        if (_answered.Add(id) || !state.Undecided.ContainsKey(id))
            _leases.Take(id);
        if (!state.Undecided.ContainsKey(id))
            _answered.Remove(id);
    }

    private void Forget(SnapshotId id)
    {
        _leases.End(id);
        _work.Remove(id);
        _answered.Remove(id);
    }

    /// <summary>The leases of who is gone lapse.</summary>
    private void Forget(Predicate<string> isGone, Effects effects)
    {
        foreach (var optimizer in _idle.Forget(isGone))
            _leases.Gone(optimizer);
        LookAtLeases(effects);
    }

    /// <summary>
    /// Snapshots whose lease lapsed are anybody's again, and whoever had one may have another; one that nobody answered so often has failed.
    /// Nothing is persisted here: what that is refused with goes with it.
    /// </summary>
    private void LookAtLeases(Effects effects)
    {
        var lapsed = _leases.Look(_setup.Now());
        foreach (var lease in lapsed)
        {
            _idle.Lapse(lease.Optimizer, lease.SnapshotId);
            if (lease.IsLast)
                effects.Send<IRouterMessage>(Self, new SnapshotFailed(
                    lease.SnapshotId, ReasonCode.SolverTimedOut,
                    $"given to {lease.Attempt} optimizers one after the other, {lease.Optimizer} the last: none answered in time"));
        }

        if (lapsed.Length > 0)
        {
            _idle.TakeReadyAgain(State);
            _setup.Board.Router = _setup.Board.Router with { Leases = Leases() };
            effects.Send<IRouterMessage>(Self, RouterLook.Instance);
        }

        WatchLeases(effects);
    }

    private void WatchLeases(Effects effects)
    {
        if (_leases.NextLapse is not { } next)
            return;
        var left = next - _setup.Now();
        effects.Schedule<IRouterMessage>(LeaseTimer, left > LeaseLookMin ? left : LeaseLookMin, Self, LeasesLook.Instance);
    }

    private LeaseStatus Leases() => new(_leases.Running, _leases.Granted, _leases.Lapsed, _leases.Late, _leases.Refused);
}
