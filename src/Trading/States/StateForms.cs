using QTrade.Trading.Cluster;
using QTrade.Trading.Execution;
using QTrade.Trading.Registry;
using QTrade.Trading.Routing;

namespace QTrade.Trading.States;

/// <summary>The states that snapshots are kept of, beside a pool's, whose last event is its whole state.</summary>
public static class StateForms
{
    public static StateForm<RouterState> Router { get; } = new("router.state", 1, RouterStateForm.Write, RouterStateForm.Read);

    public static StateForm<ExecutorState> Executor { get; } = new("executor.state", 3, ExecutorStateForm.Write, ExecutorStateForm.Read);

    public static StateForm<PoolConfigurationState> PoolConfiguration { get; } =
        new("pool-configuration.state", 1, PoolConfigurationStateForm.Write, PoolConfigurationStateForm.Read);

    public static StateForm<RiskState> Risk { get; } = new("risk.state", 1, RiskStateForm.Write, RiskStateForm.Read);
}
