using QTrade.Actors.EventSourcing;
using QTrade.Messages.Routing;
using QTrade.Trading.Routing;

namespace QTrade.Node.Actors;

/// <summary>A tape that is played: its cuts are decided one after the other, each where it says.</summary>
public sealed partial class RouterActor
{
    /// <summary>How often a cut of a tape is told before the wait is.</summary>
    private const int TapeToldMax = 40;

    /// <summary>Told again and again by a feed that does not know what became of it.</summary>
    private void Follow(TapeCut cut, RouterState state, Effects<IRouterEvent> effects)
    {
        if (!_setup.Options.FollowsTape)
        {
            _setup.Metrics.Fault("tape", "drive", TapeDrives);
            return;
        }

        _tapeHeard = true;
        if (state.Tape.Length > 0 && state.Tape != cut.Tape)
        {
            _setup.Metrics.Fault("tape", "other", "the journal holds another tape: another market, seed, recording or cut-every. A tape needs a journal of its own");
            return;
        }

        if (cut.Number <= state.TapeCut)
        {
            effects.Send<INodeMessage>(_setup.Node, new TapeEnded(cut.Tape, state.TapeCut));
            return;
        }

        _tapeRepeats = _tape.Next?.Number == cut.Number ? _tapeRepeats + 1 : 0;
        _tape.Take(cut);
        if (_tape.Fault is { } fault)
            _setup.Metrics.Fault("tape", "position", fault);
        else if (_tapeRepeats == TapeToldMax && state.Undecided.IsEmpty)
            _setup.Metrics.Fault("tape", "waits", _queue.Waiting(state) >= _setup.Options.WaitingMax
                ? $"cut {cut.Number} of the tape waits: {_queue.Outstanding} solutions are with the executor, and none comes back"
                : _tape.Awaited);
        Look(state, effects);
    }

    /// <summary>One cut after the other, each as soon as the market stands there; what was not answered is offered again.</summary>
    private void LookAtTape(RouterState state, Effects<IRouterEvent> effects)
    {
        if (!state.Undecided.IsEmpty)
        {
            OfferAgain(effects);
            return;
        }

        if (_tape.Next is not { } cut || cut.Number <= state.TapeCut || _queue.Waiting(state) >= _setup.Options.WaitingMax || !_tape.IsThere)
            return;
        if (SnapshotCutter.Cut(state with { Number = Math.Max(state.Number, _lastGiven) }, _view, _setup.Options, effects.Now, cut) is not { } offer)
        {
            // Nothing is decided, whoever looks: the feed goes on, and where it begins anew the cut is as empty again.
            _setup.Metrics.Fault("tape", "empty", $"cut {cut.Number} of the tape: {SnapshotCutter.WhyNone(state, _view)}");
            effects.Send<INodeMessage>(_setup.Node, new TapeEnded(cut.Tape, cut.Number));
        }
        else if (_leases.Grant(offer.Event.SnapshotId, _idle.Longest, _setup.Now()) is not null)
            HandOut(state, offer, effects);
    }
}
