using System.Collections.Immutable;
using System.Text.Json;
using QTrade.Actors;
using QTrade.Actors.EventSourcing;
using QTrade.Messages;
using QTrade.Messages.Execution;
using QTrade.Messages.Routing;
using QTrade.Trading;
using QTrade.Trading.Routing;

namespace QTrade.Node.Actors;

/// <summary>What is decided is written, told once it is durable, and decided again where the journal refused it.</summary>
public sealed partial class RouterActor
{
    private const string RefusedCommand = "router: command";

    /// <summary>
    /// What came while the last append was under way is appended together: one commit for each route would make the router slower than its executor.
    /// </summary>
    private void EndGathered(RouterState state, Effects<IRouterEvent> effects)
    {
        foreach (var outcome in _outcomes)
        {
            var decision = RouterRules.Decide(state, outcome, _setup.Options, effects.Now);
            Persist(decision, effects);
            for (var i = 0; i < decision.Count; i++)
                state = RouterJournal.Apply(state, decision[i]);
        }

        _refused.Write(_outcomes);
        _outcomes.Clear();
    }

    private void ExpireWaiting(RouterState state, Effects<IRouterEvent> effects)
    {
        // Before its own epoch is durable it takes the solutions of the last one for its own, and does not know which of them were published.
        if (!Started || _queue.Waiting(state) == 0)
            return;
        foreach (var solution in _queue.ExpiredWaiting(state, _view.NewestSlot))
            Persist(RouterRules.Expire(solution, _view.NewestSlot, effects.Now), effects);
    }

    private void Persist(Decision<IRouterEvent> decision, Effects<IRouterEvent> effects)
    {
        if (decision.Rejection is { Code: ReasonCode.UnknownTrade or ReasonCode.UnknownSnapshot } repeated)
            _setup.Metrics.CommandPassedOver(RefusedCommand, repeated, effects.Now);
        else if (decision.Rejection is { } rejection)
            _setup.Metrics.CommandRefused(PersistenceId, RefusedCommand, rejection, effects.Now);
        if (decision.Count == 0)
            return;
        _begunAt = _setup.Health.Refusals;
        var ended = ImmutableArray.CreateBuilder<SnapshotId>();
        Decided? decided = null;
        for (var i = 0; i < decision.Count; i++)
        {
            effects.Persist(decision[i]);
            decided = decision[i] as Decided ?? decided;
            if (decision[i] is SnapshotEnded end)
                ended.Add(end.SnapshotId);
        }

        effects.Send<IRouterMessage>(Self, new RouterCommitted(ended.DrainToImmutable(), decided));
    }

    private void NoteCommit()
    {
        if (SequenceNumber == _sequence)
            return;
        _sequence = SequenceNumber;
        _handingTo = null;
        _moves.Commit();
        _isRefused = false;
        _setup.Health.Succeeded(_begunAt);
    }

    private void AfterCommit(RouterState state, RouterCommitted committed, Effects<IRouterEvent> effects)
    {
        foreach (var id in committed.Ended)
        {
            _queue.End(id);
            Forget(id);
        }

        var latency = TimeSpan.Zero;
        if (committed.Decided is { } decided)
        {
            if (_work.TryGetValue(decided.SnapshotId, out var work))
                latency = effects.Now - work.NewestUpdate;
            Forget(decided.SnapshotId);
        }

        _idle.TakeReadyAgain(State);
        if (_setup.Options.FollowsTape && state.TapeCut > _tapeTold)
            effects.Send<INodeMessage>(_setup.Node, new TapeEnded(state.Tape, _tapeTold = state.TapeCut));
        // What were published before its epoch is durable would be passed over for the older epoch, and would not be published again.
        while (Started && _queue.Next(state) is { } solution)
            effects.Send<IExecutorMessage>(_setup.Executor, solution);
        Report(state, committed.Decided, latency);
        if (_solves.AnswerOf(committed, _setup.Board.Router.Last) is { } answer)
            AnswerAsked(answer, effects);
        TellIfDrained(state, effects);
        // In a turn of its own: where what it persists is refused, nothing of this one goes with it.
        effects.Send<IRouterMessage>(Self, RouterLook.Instance);
    }

    private void Report(RouterState state, Decided? decided, TimeSpan latency)
    {
        var last = _setup.Board.Router.Last;
        if (decided is not null)
        {
            var result = decided.Result;
            last = new LastDecisionStatus(
                decided.SnapshotId.ToString(), JsonNamingPolicy.CamelCase.ConvertName(result.Status.ToString()), result.Profit, result.UpperBound, result.Gap, latency);
        }

        _setup.Board.Router = new RouterReport(state, _view.NewestSlot, _queue.Outstanding, last, Leases());
        if (decided is not null)
            _setup.Decided(last!);
    }

    /// <summary>Without a look: what that persisted could be refused, and what is sent here would go with it.</summary>
    private void DecideAgain(Effects effects)
    {
        while (_refused.TryTake(out var command))
            effects.Send<IRouterMessage>(Self, command);
        effects.Schedule<IRouterMessage>(LookTimer, RetryAfter, Self, RouterLook.Instance);
    }
}
