using QTrade.Actors.EventSourcing;
using QTrade.Messages.Execution;
using QTrade.Trading.Cluster;
using QTrade.Trading.Execution;
using QTrade.Trading.Registry;
using QTrade.Trading.Routing;
using QTrade.Trading.States;

namespace QTrade.Node.Actors;

/// <summary>The states that the node keeps snapshots of, beside a pool's.</summary>
internal static class StateCodecs
{
    public static IEventCodec<RouterState> Router { get; } = new StateCodec<RouterState>(StateForms.Router);

    /// <param name="limits">The settings' limits, in force where the snapshot tells of none that a person ordered.</param>
    public static IEventCodec<ExecutorState> Executor(RiskLimits limits) => new StateCodec<ExecutorState>(StateForms.Executor, state => state.WithConfigured(limits));

    public static IEventCodec<PoolConfigurationState> PoolConfiguration { get; } = new StateCodec<PoolConfigurationState>(StateForms.PoolConfiguration);

    public static IEventCodec<RiskState> Risk { get; } = new StateCodec<RiskState>(StateForms.Risk);
}
