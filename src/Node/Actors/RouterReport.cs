using QTrade.Trading.Routing;

namespace QTrade.Node.Actors;

/// <summary>The router as it shows itself.</summary>
/// <param name="State">Its durable state.</param>
/// <param name="Slot">Newest slot it has seen.</param>
/// <param name="Outstanding">Solutions published that have not ended.</param>
/// <param name="Last">Its last decision; null before the first of this run.</param>
/// <param name="Leases">Which optimizers have its snapshots, in numbers.</param>
public sealed record RouterReport(RouterState State, ulong Slot, int Outstanding, LastDecisionStatus? Last, LeaseStatus Leases)
{
    public static RouterReport None { get; } = new(RouterState.Initial, 0, 0, null, LeaseStatus.None);
}
