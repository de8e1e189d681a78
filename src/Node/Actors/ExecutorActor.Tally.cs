using System.Collections.Immutable;
using QTrade.Actors;
using QTrade.Actors.EventSourcing;
using QTrade.Messages.Execution;
using QTrade.Messages.Routing;
using QTrade.Node.Simulation;
using QTrade.Trading.Execution;

namespace QTrade.Node.Actors;

/// <summary>What has ended is counted, told the router and lets the chain move.</summary>
public sealed partial class ExecutorActor
{
    /// <summary>
    /// What ended while the last append was under way is counted together: one commit for each trade would make the executor slower than its trades.
    /// </summary>
    private void Gather(TradeId id, Effects effects)
    {
        if (_ended.Count == 0)
            effects.Send<IExecutorMessage>(Self, TallyTrades.Instance);
        _ended.Add(id);
    }

    /// <summary>Linked routes are counted with the last of them that ends.</summary>
    private void Tally(ExecutorState state, Effects<IExecutorEvent> effects)
    {
        var told = new HashSet<TradeId>();
        foreach (var id in _ended)
        {
            var chain = _linked.ChainOf(id);
            var outcomes = _trades.OutcomesOf(chain);
            if (told.Contains(id) || outcomes.IsEmpty || !_trades.AreOver(chain) || (chain.Length > 1 && AwaitsValues(state, id, outcomes, chain.Length, effects)))
                continue;
            foreach (var outcome in outcomes)
            {
                if (outcome.Ending == Ending.Executed && !state.Tallied.Contains(outcome.TradeId))
                    effects.Send<IFeedMessage>(_setup.Feed, new SettleOnChain(outcome));
            }

            var decision = chain.Length > 1 ? ExecutorRules.DecideLinked(state, outcomes, chain.Length, _view) : ExecutorRules.Decide(state, outcomes[0]);
            Persist(decision, effects);
            for (var i = 0; i < decision.Count; i++)
                state = Apply(state, decision[i]);
            foreach (var outcome in outcomes)
            {
                effects.Send<IRouterMessage>(_setup.Router, outcome);
                effects.Send<IExecutorMessage>(Self, new TradeTold(outcome.TradeId));
                told.Add(outcome.TradeId);
            }
        }

        _ended.Clear();
    }

    /// <summary>What is journalled of a loss stands: it is not valued on what is not told yet, unless that does not come.</summary>
    private bool AwaitsValues(ExecutorState state, TradeId id, ImmutableArray<TradeOutcome> outcomes, int routes, Effects effects)
    {
        if (ExecutorRules.AreValued(state, outcomes, routes, _view) || _trades.Find(id)?.AwaitValues(_setup.Now(), ValuesPatience) is not true)
            return false;
        effects.Schedule<IExecutorMessage>(RetryTimer, RetryAfter, Self, RetryTrades.Instance);
        return true;
    }
}
