using QTrade.Markets;
using QTrade.Messages;
using QTrade.Messages.Registry;

namespace QTrade.Trading.Registry;

/// <summary>The rules of a pool's configuration: added, changed, retired and taken up again while the node runs.</summary>
public static class PoolRegistry
{
    /// <summary>
    /// A configuration that is in force already, or the retirement of a retired pool, is no event. What a person retired only a person takes up again.
    /// </summary>
    public static Decision<IPoolConfigurationEvent> Decide(PoolConfigurationState state, IPoolConfigurationMessage command) => command switch
    {
        ConfigurePool { By: null } when state is { Retired: true, By: { } by } =>
            Decisions.Reject<IPoolConfigurationEvent>(ReasonCode.RetiredPool, $"{by.Name} retired it: pbm pool add takes it up again"),
        ConfigurePool configure => Configure(state, configure),
        RetirePool when state.Pool is null =>
            Decisions.Reject<IPoolConfigurationEvent>(ReasonCode.UnknownPool),
        RetirePool when state.Retired => default,
        RetirePool retire => Decisions.Event<IPoolConfigurationEvent>(new PoolRetired(retire.PoolId, state.Sequence + 1) { By = retire.By }),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command.GetType().Name, "not a command of pool configuration"),
    };

    public static PoolConfigurationState Apply(PoolConfigurationState state, IPoolConfigurationEvent change) => change switch
    {
        PoolConfigured configured => new PoolConfigurationState(configured.Sequence, configured.Pool, Retired: false) { By = configured.By },
        PoolRetired retired => state with { Sequence = retired.Sequence, Retired = true, By = retired.By },
        _ => throw new ArgumentOutOfRangeException(nameof(change), change.GetType().Name, "not an event of pool configuration"),
    };

    private static Decision<IPoolConfigurationEvent> Configure(PoolConfigurationState state, ConfigurePool configure)
    {
        var pool = configure.Pool;
        if (PoolRules.Check(pool) is { } fault)
            return Decisions.Reject<IPoolConfigurationEvent>(
                ReasonCode.InvalidPool, $"pool '{pool.Id}': {fault.Field} {fault.Message}");
        // A configuration has no state; a venue's is observed, at a position.
        var configured = pool.Venue is null ? pool : pool with { Venue = null };
        return !state.Retired && configured.Equals(state.Pool)
            ? default
            : Decisions.Event<IPoolConfigurationEvent>(new PoolConfigured(state.Sequence + 1, configured) { By = configure.By });
    }
}
