using QTrade.Messages.Cluster;
using QTrade.Messages.Execution;
using QTrade.Trading.Execution;

namespace QTrade.Node.Cluster;

/// <summary>How orders for executors and what is told of them belong together.</summary>
internal static class ControlOrders
{
    /// <summary>Whether what was ordered is what the executor says to be in force.</summary>
    public static bool IsInForce(IExecutorCommand order, ControlHeartbeat told) => order switch
    {
        SetTradingState set => set.State == told.State && set.Reason == told.Reason && set.Detail == told.Detail && set.By == told.By,
        SetRiskLimits set => set.Limits == told.Limits,
        _ => false,
    };

    /// <summary>Whether what was ordered is what the executor says to have refused.</summary>
    public static bool IsRefused(IExecutorCommand order, RefusedOrder refused) => order switch
    {
        SetTradingState set => set.At == refused.At && set.By == refused.By,
        SetRiskLimits set => set.At == refused.At && set.By == refused.By,
        _ => false,
    };

    /// <summary>That an order was refused.</summary>
    public static RefusedOrder Refuse(IExecutorCommand order, string why) => order switch
    {
        SetTradingState set => new RefusedOrder(set.At, set.By, why),
        SetRiskLimits set => new RefusedOrder(set.At, set.By, why),
        _ => throw new ArgumentOutOfRangeException(nameof(order), order.GetType().Name, "not an order for executors"),
    };

    /// <summary>Whether two orders are one, delivered again. One of the same words that was given later is another: what was ordered in between does not lift it.</summary>
    public static bool AreSame(SetTradingState one, SetTradingState other) =>
        one.State == other.State && one.Reason == other.Reason && one.Detail == other.Detail && one.By == other.By && one.At == other.At;

    /// <summary>What an executor's durable state lets executors do.</summary>
    public static ControlHeartbeat Tell(ExecutorState state, long epoch, long number) =>
        new(epoch, number, state.TradingState, state.StateReason.Reason, state.StateReason.Detail, state.Limits, 0) { By = state.StateReason.By };

    /// <summary>The same once an order is obeyed.</summary>
    public static ControlHeartbeat Tell(ControlHeartbeat told, IExecutorCommand obeyed) => obeyed switch
    {
        SetTradingState set => told with { State = set.State, Reason = set.Reason, Detail = set.Detail, By = set.By },
        SetRiskLimits set => told with { Limits = set.Limits },
        _ => told,
    };
}
