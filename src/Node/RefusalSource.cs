namespace QTrade.Node;

/// <summary>Who refused something or ended it without effect.</summary>
public enum RefusalSource
{
    /// <summary>Pools: observations that they did not take. Of those that only repeat what is known the count is kept, not the words.</summary>
    Updates,

    /// <summary>Registry, router and executor: commands that their rules refused.</summary>
    Commands,

    /// <summary>The router: snapshots and routes that ended without effect. Routes are among those of the executor that it was told of.</summary>
    Router,

    /// <summary>The executor: routes that took no effect.</summary>
    Executor,
}
