using QTrade.Actors.EventSourcing;
using QTrade.Trading.Cluster;
using QTrade.Trading.Execution;
using QTrade.Trading.Routing;
using QTrade.Trading.States;

namespace QTrade.Node.Actors;

/// <summary>The states that the node keeps snapshots of, beside a pool's.</summary>
internal static class StateCodecs
{
    public static IEventCodec<RouterState> Router { get; } = new StateCodec<RouterState>(StateForms.Router);

    public static IEventCodec<ExecutorState> Executor { get; } = new StateCodec<ExecutorState>(StateForms.Executor);

    public static IEventCodec<RiskState> Risk { get; } = new StateCodec<RiskState>(StateForms.Risk);
}
