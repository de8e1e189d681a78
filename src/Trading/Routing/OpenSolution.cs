using System.Collections.Immutable;
using QTrade.Messages.Execution;
using QTrade.Messages.Routing;

namespace QTrade.Trading.Routing;

/// <summary>A decision whose routes have not all ended.</summary>
/// <param name="SnapshotId">Its snapshot.</param>
/// <param name="Routes">Its routes, in order.</param>
/// <param name="Outcomes">How routes ended so far, by route index.</param>
/// <param name="ExpirySlot">Void once a newer slot than this was seen.</param>
/// <param name="At">When it was decided.</param>
public sealed record OpenSolution(
    SnapshotId SnapshotId,
    ImmutableArray<Route> Routes,
    ImmutableSortedDictionary<int, TradeOutcome> Outcomes,
    ulong ExpirySlot,
    DateTimeOffset At)
{
    /// <summary>The routes that have not ended, in order.</summary>
    public ImmutableArray<Route> Remaining => [.. Routes.Where(route => !Outcomes.ContainsKey(route.Index))];

    /// <summary>
    /// What is to be executed: the routes that have not ended, and of those that are linked with them the ones that ended without effect. Whoever executes hears
    /// from these that the others may not take effect either.
    /// </summary>
    public ImmutableArray<Route> ToExecute =>
    [
        .. Routes.Where(route => !Outcomes.TryGetValue(route.Index, out var outcome)
            || (outcome.Ending != Ending.Executed && Routes.Any(other => other.Chain == route.Chain && !Outcomes.ContainsKey(other.Index)))),
    ];
}
