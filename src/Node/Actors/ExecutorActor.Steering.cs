using QTrade.Actors.EventSourcing;
using QTrade.Messages.Cluster;
using QTrade.Messages.Execution;
using QTrade.Trading;
using QTrade.Trading.Execution;

namespace QTrade.Node.Actors;

/// <summary>What a person or a rule orders: commands, and halts that stand until they are durable.</summary>
public sealed partial class ExecutorActor
{
    /// <summary>A command takes effect behind every halt that was ordered before it; one that was ordered after it stays in force.</summary>
    private void Steer(ExecutorState state, SteerExecutor steer, Effects<IExecutorEvent> effects)
    {
        var (command, replyTo) = (steer.Command, steer.ReplyTo);
        var before = state;
        if (command is SetTradingState { State: not TradingState.Halted })
            before = KeepHalt(effects, steer.HaltsBefore);
        var decision = ExecutorRules.Decide(before, command);
        Persist(decision, effects);
        if (command is SetTradingState { State: TradingState.Halted } halt)
            NoteHalt(halt, decision);
        if (command is SetTradingState { State: TradingState.Active } resumed && Resumes(before, resumed, decision))
        {
            _resumedIn = _allowance.Generation;
            effects.Send<IRiskMessage>(_setup.Risk, new RiskAsked(new ResetRisk(resumed.At) { By = resumed.By }));
        }

        if (replyTo is null)
            return;
        _steeredBy = decision.Count > 0 ? replyTo : null;
        effects.Send(replyTo, new ExecutorCommandEnded(decision.Rejection?.ToString(), null));
    }

    /// <summary>A resumption that is delivered again may be of one that ended before it could say so: saying it again changes nothing.</summary>
    private static bool Resumes(ExecutorState before, SetTradingState resumed, Decision<IExecutorEvent> decision) =>
        before.TradingState == TradingState.Active ? before.StateAt == resumed.At : decision.Count > 0;

    /// <summary>A halt that was ordered and is not durable is written, whatever became of the message that brought it.</summary>
    /// <returns>The state that then is.</returns>
    private ExecutorState KeepHalt(Effects<IExecutorEvent> effects, long among = long.MaxValue)
    {
        if (_setup.Halt.Ordered(among) is not { } halt)
            return State;
        var decision = ExecutorRules.Decide(State, halt);
        Persist(decision, effects);
        NoteHalt(halt, decision);
        return decision.Count == 0 ? State : Apply(State, decision[0]);
    }

    private void NoteHalt(SetTradingState halt, Decision<IExecutorEvent> decision)
    {
        if (decision.Count > 0)
            _writingHalt = halt;
        else
            _setup.Halt.Durable(halt);
    }

    /// <summary>A halt that the journal lost does not become trading; neither do losses past limits that the settings lowered.</summary>
    private void HaltAtStart(ExecutorState state, Effects<IExecutorEvent> effects)
    {
        var decision = ExecutorRules.Recover(
            state, Unreadable.Sum(lost => lost.Count), !Unreadable.IsEmpty && SequenceNumber > Unreadable[^1].LastSequenceNumber, effects.Now);
        if (decision.Count > 0)
        {
            var halted = (TradingStateChanged)decision[0];
            _setup.Metrics.Fault(PersistenceId, halted.Reason.ToString(), $"executor: {halted.Detail}: trading is HALTED; look, and start with --resume to trade on");
        }

        Persist(decision, effects);
    }
}
