using QTrade.Actors;
using QTrade.Actors.EventSourcing;
using QTrade.Messages.Routing;
using QTrade.Trading.Routing;

namespace QTrade.Node.Actors;

/// <summary>When a snapshot is handed out: as soon as the market, time or somebody who asks for it makes one due.</summary>
public sealed partial class RouterActor
{
    private const string Silent = "the chain's feed has said nothing for a while: nothing is decided until it does";

    private static readonly TimeSpan SilentLook = TimeSpan.FromSeconds(1);

    /// <summary>A change past the threshold cuts the interval short, down to the shortest.</summary>
    private void LookIfMoved(RouterState state, Effects<IRouterEvent> effects)
    {
        if (_setup.Options.FollowsTape)
        {
            if (_open && _idle.Any && _tape.IsThere)
                Look(state, effects);
            return;
        }

        if (!_idle.Any || _view.Moved <= _setup.Options.WakeThreshold || state.LastHandOut is not { } last
            || _queue.Waiting(state) >= _setup.Options.WaitingMax)
            return;
        var (now, earliest) = (effects.Now, last.At + _setup.Options.MinInterval);
        // Where the clock was set back, when the next look is says nothing.
        if (_lookAt <= earliest && now >= last.At)
            return;
        if (HandOutTiming.IsOver(last.At, _setup.Options.MinInterval, now))
            Look(state, effects);
        else
            LookAt(earliest, now, effects);
    }

    private void Look(RouterState state, Effects<IRouterEvent> effects)
    {
        // A hand-out that is refused moves no interval: whoever is idle would be given one after the other.
        if (!_open || !_idle.Any || _draining || !Started || _isRefused)
            return;
        if (_setup.Options.FollowsTape)
        {
            LookAtTape(state, effects);
            return;
        }

        var (now, options) = (effects.Now, _setup.Options);
        if (_hearing.IsSilent(now))
        {
            if (_hearing.IsNews())
                _setup.Metrics.Fault("router", "feed", Silent);
            AnswerAsked(new SolvedNow(null, Silent), effects);
            LookAt(now + SilentLook, now, effects);
            return;
        }

        var last = state.LastHandOut?.At;
        var adaptive = _moves.Interval;
        var asked = _solves.AwaitsHandOut && MayHandOut(state, now);
        if ((asked || (_moves.IsOwed && MayHandOut(state, now)) || HandOutTiming.IsDue(last, adaptive, _view, _queue.Waiting(state), options, now))
            && SnapshotCutter.Cut(state with { Number = Math.Max(state.Number, _lastGiven) }, _view, options, now) is { } offer
            && _leases.Grant(offer.Event.SnapshotId, _idle.Longest, _setup.Now()) is not null)
        {
            HandOut(state, offer, effects);
            return;
        }

        OfferAgain(effects);
        if (asked)
            AnswerAsked(new SolvedNow(null, SnapshotCutter.WhyNone(state, _view) ?? $"{_leases.Open} snapshots have no result yet"), effects);
        LookAt(HandOutTiming.NextLook(last, adaptive, _view, options, now), now, effects);
    }

    private bool MayHandOut(RouterState state, DateTimeOffset now) =>
        _queue.Waiting(state) < _setup.Options.WaitingMax
        && (state.LastHandOut is not { } last || HandOutTiming.IsOver(last.At, _setup.Options.MinInterval, now));

    /// <param name="time">When to look.</param>
    /// <param name="now">The time that this was found from: read anew, it may be past what is to be waited for.</param>
    /// <param name="effects">Starts the timer.</param>
    private void LookAt(DateTimeOffset time, DateTimeOffset now, Effects effects)
    {
        // Before the first snapshot the rule says "now", and where nothing can be cut it would say so for ever.
        _lookAt = time > now ? time : now + _setup.Options.MinInterval;
        effects.Schedule<IRouterMessage>(LookTimer, _lookAt - now, Self, RouterLook.Instance);
    }

    private void HandOut(RouterState state, SnapshotOffer offer, Effects<IRouterEvent> effects)
    {
        _handingTo = _idle.Longest;
        var now = offer.Event.At;
        _moves.Write(_view.MarkCut(), now - state.LastHandOut?.At);
        _work[offer.Event.SnapshotId] = (offer.Work, _newestUpdate);
        _solves.HandOut(offer.Event.SnapshotId);
        Persist(RouterRules.HandOut(state, offer), effects);
        _lastGiven = offer.Event.SnapshotId.Number;
        Give(offer.Work, effects);
        LookAt(now + _setup.Options.MinInterval, now, effects);
    }

    /// <summary>Answered once the snapshot is decided, or has ended without a decision.</summary>
    private void SolveNow(RouterState state, SolveNow solve, Effects<IRouterEvent> effects)
    {
        var refusal = _draining ? Leaves
            : _setup.Options.FollowsTape ? "the tape says where to cut (qtrade.drive.kind = tape)"
            : !_open || !Started ? "the market is not whole yet"
            : _setup.Health.Fault is { } fault ? $"the journal does not write ({fault})"
            : _queue.Waiting(state) >= _setup.Options.WaitingMax ? "decided solutions wait for room in the queue"
            : !_solves.IsHandedOut && SnapshotCutter.WhyNone(state, _view) is { } nothing ? nothing
            : _solves.IsFull ? $"{SolveRequests.Max} solves are asked for already"
            : null;
        if (refusal is not null)
        {
            effects.Send(solve.ReplyTo, new SolvedNow(null, refusal));
            return;
        }

        _solves.Add(solve.ReplyTo);
        if (!_solves.IsHandedOut && _idle.Any && state.LastHandOut is { } last)
        {
            var (now, interval) = (effects.Now, _setup.Options.MinInterval);
            LookAt(HandOutTiming.IsOver(last.At, interval, now) ? now : last.At + interval, now, effects);
        }
    }

    private void AnswerAsked(SolvedNow answer, Effects effects)
    {
        foreach (var asker in _solves.TakeAll())
            effects.Send(asker, answer);
    }
}
