using QTrade.Actors;
using QTrade.Actors.EventSourcing;
using QTrade.Messages;
using QTrade.Messages.Cluster;
using QTrade.Messages.Execution;
using QTrade.Trading.Execution;

namespace QTrade.Node.Actors;

/// <summary>The slice of the shared loss limit: without one that is not used up and was confirmed lately nothing is begun.</summary>
public sealed partial class ExecutorActor
{
    /// <summary>Without a slice of the shared loss limit that is not used up and was confirmed lately nothing is begun.</summary>
    private bool IsLeased => _allowance.InForce(_setup.Now()).State == TradingState.Active;

    private void AskRisk(Effects effects)
    {
        if (_allowance.Look(_setup.Now(), effects.Now) is { } command)
            effects.Send<IRiskMessage>(_setup.Risk, new RiskAsked(command));
        ShowAllowance();
    }

    private void Hear(ExecutorState state, IMessage answer, Effects<IExecutorEvent> effects)
    {
        var before = IsLeased;
        switch (answer)
        {
            case RiskSliceLeased leased:
                _allowance.Hear(leased);
                break;
            case RiskSliceReported reported:
                _allowance.Hear(reported);
                break;
            case RiskLossTold told:
                _allowance.Hear(told);
                break;
            case RiskRefused refused when refused.Executor == _allowance.Executor:
                _allowance.Refused(refused.Slice, refused.Generation, refused.Reason, refused.Detail);
                HaltIfExhausted(state, refused, effects);
                break;
            case RiskTold told:
                _setup.Board.Risk = told;
                _allowance.Hear(told);
                break;
        }

        AskRisk(effects);
        if (!before && IsLeased)
            TakeHeld(state, effects);
    }

    /// <summary>
    /// Nothing of the shared limit is left: only a person resumes, which counts anew. What was refused before that resumption says nothing.
    /// </summary>
    private void HaltIfExhausted(ExecutorState state, RiskRefused refused, Effects<IExecutorEvent> effects)
    {
        if (refused.Reason == ReasonCode.RiskExhausted && refused.Generation > _resumedIn && state.TradingState != TradingState.Halted)
            Persist(ExecutorRules.Decide(state, new SetTradingState(TradingState.Halted, ReasonCode.RiskExhausted, refused.Detail, effects.Now)), effects);
    }

    /// <summary>Once it is durable: a tally that the journal refused is tried again, and counted once.</summary>
    private void CountLoss(ExecutorState state)
    {
        if (state.Loss > _lossCounted)
            _allowance.Lose(state.Loss - _lossCounted);
        else if (state.Loss < _lossCounted)
            _allowance.Resume();
        _lossCounted = state.Loss;
    }

    private void ShowAllowance()
    {
        var (inForce, reason) = _allowance.InForce(_setup.Now());
        _setup.Board.Unleased = inForce == TradingState.Active ? null : reason;
    }
}
