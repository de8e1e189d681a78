using QTrade.Messages.Execution;
using QTrade.Trading.Execution;

namespace QTrade.Node.Actors;

/// <summary>
/// A halt that holds from the moment it is ordered: before the executor's mailbox, its journal or a fault of either could hold it up. It lies
/// outside the actor, so that a restart of the actor finds it, and stands until the halt is durable. Used from any thread.
/// </summary>
public sealed class HaltSwitch
{
    private SetTradingState? _ordered;

    /// <summary>The halt that was ordered and is not yet durable; null for none.</summary>
    public SetTradingState? Ordered => Volatile.Read(ref _ordered);

    /// <summary>From now on nothing is traded. A later order replaces an earlier one.</summary>
    public void Order(SetTradingState halt) => Volatile.Write(ref _ordered, halt);

    /// <summary>That order is durable, or was lifted by a durable event; one that came since stands.</summary>
    public void Durable(SetTradingState halt) => Interlocked.CompareExchange(ref _ordered, null, halt);

    /// <summary>The state to act on: halted where a halt is ordered.</summary>
    public ExecutorState InForce(ExecutorState state) => Ordered is not { } halt ? state : state with
    {
        TradingState = TradingState.Halted,
        StateReason = new TradingStateReason(halt.Reason, halt.Detail) { By = halt.By },
    };
}
