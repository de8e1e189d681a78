using QTrade.Actors;
using QTrade.Actors.EventSourcing;
using QTrade.Messages.Execution;
using QTrade.Messages.Routing;
using QTrade.Trading.Execution;

namespace QTrade.Node.Actors;

/// <summary>The trades' actors: made, told a command, told it again where it was not written, read again where they ended, and let go of.</summary>
public sealed partial class ExecutorActor
{
    private long _tradesMade;

    private void Send(ITradeMessage command, Effects<IExecutorEvent> effects)
    {
        if (command is IntendTrade intend)
            _desk.Begin(intend.Intent);
        var trade = _trades.Of(command.TradeId);
        if (trade.Actor is not { } actor)
            _trades.Make(trade, actor = Spawn(command.TradeId, effects));
        trade.Tell(command);
        effects.Send<ITradeMessage>(actor, new TradeCommand(command, _view.NewestSlot));
    }

    private ActorRef<ITradeMessage> Spawn(TradeId id, Effects<IExecutorEvent> effects)
    {
        var actor = effects.Spawn(
            new Props<ITradeMessage>(() => new TradeActor(id, Self, _setup.Health, _setup.Halt, _setup.HearsControl)), $"trade-{++_tradesMade}");
        effects.Watch<IExecutorMessage>(actor, Self, new TradeLost(id, actor));
        return actor;
    }

    /// <summary>Another executor wrote the trade's next event before it was fenced: what it wrote stands, and is read.</summary>
    private void ReadAgain(TradeLost lost, Effects<IExecutorEvent> effects)
    {
        if (_trades.Find(lost.TradeId) is not { } trade || trade.Actor != lost.Actor)
            return;
        if (trade.Lose())
        {
            RetryLater(lost.TradeId, effects);
            return;
        }

        EndLinked(_linked.Break(lost.TradeId), effects);
        Gather(lost.TradeId, effects);
    }

    private void RetryLater(TradeId id, Effects<IExecutorEvent> effects)
    {
        if (_trades.Find(id) is not { } trade)
            return;
        trade.Again = true;
        effects.Schedule<IExecutorMessage>(RetryTimer, RetryAfter, Self, RetryTrades.Instance);
    }

    /// <summary>What could not be written is told again. A settlement is made anew: the pools have moved meanwhile.</summary>
    private void Retry(ExecutorState state, Effects<IExecutorEvent> effects)
    {
        HaltAtStart(state, effects);
        KeepHalt(effects);
        foreach (var (id, trade) in _trades.All)
        {
            if (trade.AwaitedValues)
                Gather(id, effects);
            if (!trade.Again)
                continue;
            if (trade.Outcome is { } outcome)
                effects.Send<IExecutorMessage>(Self, new TradeStands(outcome.TradeId, new TradeState(null, outcome), null));
            else if (trade.Last is { } last)
                Send(last is EndTrade { Outcome.Ending: Ending.Executed } && !_linked.AreSettled(last.TradeId) ? new IntendTrade(_desk.IntentOf(last.TradeId)!) : last, effects);
        }

        TakeHeld(state, effects);
    }

    private void Forget(TradeId id, Effects effects)
    {
        _desk.End(id);
        _linked.End(id);
        if (_trades.Remove(id) is { } actor)
            effects.Stop(actor);
    }
}
