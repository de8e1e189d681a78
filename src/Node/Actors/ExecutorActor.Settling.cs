using System.Collections.Immutable;
using QTrade.Actors.EventSourcing;
using QTrade.Messages;
using QTrade.Messages.Execution;
using QTrade.Messages.Routing;
using QTrade.Trading;
using QTrade.Trading.Execution;

namespace QTrade.Node.Actors;

/// <summary>What becomes of a trade once its actor answers: it is settled, alone or with those that are linked with it, or ends without effect.</summary>
public sealed partial class ExecutorActor
{
    private static readonly Rejection LinkedRefusal = new(ReasonCode.NotIntended, "a linked route was not intended");

    /// <summary>A trade answers: it is over, or its intent is durable and it can be settled, or it could not be intended.</summary>
    private void GoOn(ExecutorState state, TradeStands stands, Effects<IExecutorEvent> effects)
    {
        if (_trades.Find(stands.TradeId) is not { } trade)
            return;
        if (stands.State.Outcome is { } outcome)
        {
            EndFill(outcome);
            if (outcome.Ending != Ending.Executed)
                EndLinked(_linked.Break(stands.TradeId), effects);
            // A fill counts with what it was linked with, of which nothing is known where only how this one ended was asked for.
            else if (stands.State.Intent is { } executed)
                Bar(_linked.Begin([executed]), effects);
            SettleTogether(_linked.Release(stands.TradeId), effects);
            trade.Outcome = outcome;
            Gather(stands.TradeId, effects);
        }
        else if (stands.State.Intent is { } intent)
        {
            GoOn(intent, effects);
        }
        else if (trade.Last is IntendTrade { Intent: var refused })
        {
            Send(new EndTrade(NotIntended(refused, stands.Rejection, effects.Now)), effects);
            EndLinked(_linked.Break(stands.TradeId), effects);
        }
    }

    private void GoOn(TradeIntent intent, Effects<IExecutorEvent> effects)
    {
        // Another executor intended it, of a solution of which the router told this one only what is left.
        Bar(_linked.Begin([intent]), effects);
        switch (_linked.Stand(intent, out var together))
        {
            // What it was settled with is being written: an intent that was told twice is not settled again.
            case LinkedTrades.Standing.Alone when _trades.Find(intent.TradeId)!.Last is EndTrade:
                break;
            case LinkedTrades.Standing.Alone:
                Settle(intent, effects);
                break;
            case LinkedTrades.Standing.Together:
                SettleTogether(together, effects);
                break;
            case LinkedTrades.Standing.Broken:
                EndLinked([intent], effects);
                break;
            default:
                break;
        }
    }

    private void Settle(TradeIntent intent, Effects<IExecutorEvent> effects)
    {
        _desk.Begin(intent);
        Send(new EndTrade(_pools.Settle(intent, _view.NewestSlot, effects.Now)), effects);
    }

    /// <summary>Linked routes are filled all or none: one without the others would leave what lies between them.</summary>
    private void SettleTogether(ImmutableArray<TradeIntent> intents, Effects<IExecutorEvent> effects)
    {
        var attempt = new PoolOverlay(_pools.Shown);
        foreach (var intent in intents)
        {
            if (PaperVenue.Settle(intent, attempt, _setup.Terms.Units, _view.NewestSlot, effects.Now) is { Ending: not Ending.Executed } missed)
            {
                foreach (var each in intents)
                    Send(new EndTrade(NotIntended(each, new Rejection(missed.Reason, missed.Detail), effects.Now)), effects);
                return;
            }
        }

        foreach (var intent in intents)
            Settle(intent, effects);
    }

    private void EndLinked(ImmutableArray<TradeIntent> intents, Effects<IExecutorEvent> effects)
    {
        foreach (var intent in intents)
            Send(new EndTrade(NotIntended(intent, LinkedRefusal, effects.Now)), effects);
    }

    /// <summary>Routes of which only those that are linked with them are known here: they answer how they ended, or never take effect.</summary>
    private void Bar(ImmutableArray<(SnapshotId Snapshot, int Route)> unknown, Effects<IExecutorEvent> effects)
    {
        foreach (var (snapshot, route) in unknown)
            Send(new EndTrade(NotIntended(snapshot, route, LinkedRefusal, effects.Now)), effects);
    }

    /// <summary>An outcome is durable: the pools are as it left them, but where too much waits for pools that cannot be quoted.</summary>
    private void EndFill(TradeOutcome outcome)
    {
        var before = _pools.LetGo;
        _pools.End(outcome);
        for (var counted = before; counted < _pools.LetGo; counted++)
            _setup.Metrics.Fault(
                PersistenceId, nameof(FilledPools.LetGo), $"executor: more than {FilledPools.WaitingKept} durable swaps wait for pools that are hidden: the oldest do not show with theirs");
    }

    private TradeOutcome NotIntended(TradeIntent intent, Rejection? rejection, DateTimeOffset now) =>
        NotIntended(intent.SnapshotId, intent.RouteIndex, rejection ?? new Rejection(ReasonCode.NotIntended), now);

    private TradeOutcome NotIntended(SnapshotId snapshot, int route, Rejection reason, DateTimeOffset now) =>
        new(
            TradeId.Of(snapshot, route),
            snapshot,
            route,
            reason.Code == ReasonCode.Expired ? Ending.Expired : Ending.Rejected,
            reason.Code,
            reason.Detail ?? "",
            [],
            0,
            0,
            _view.NewestSlot,
            now);
}
