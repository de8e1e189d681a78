using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Messages.Routing;

namespace QTrade.Messages.Execution;

/// <summary>What is about to be done, decided on the executor's own newest view. Whoever finishes it repeats exactly this.</summary>
/// <param name="TradeId">The trade.</param>
/// <param name="SnapshotId">The decision that it carries out.</param>
/// <param name="RouteIndex">The route of that decision.</param>
/// <param name="Legs">The swaps in exact amounts, in order.</param>
/// <param name="Profit">Profit of these legs before costs, in value units.</param>
/// <param name="Cost">Costs of the legs and the route, in value units.</param>
/// <param name="ExpirySlot">Void once a newer slot than this was seen.</param>
/// <param name="Payload">The exact bytes to send to the venue; empty on paper, where the legs are all there is.</param>
/// <param name="At">When, by the node's clock.</param>
public sealed record TradeIntent(
    TradeId TradeId,
    SnapshotId SnapshotId,
    int RouteIndex,
    ImmutableArray<SettledLeg> Legs,
    double Profit,
    double Cost,
    ulong ExpirySlot,
    ImmutableArray<byte> Payload,
    DateTimeOffset At)
{
    /// <summary>
    /// Routes of that decision that are filled together or not at all, this one among them, in their order; empty where it stands by itself, or a version that did
    /// not tell it wrote the intent.
    /// </summary>
    public ImmutableArray<int> LinkedRoutes { get; init; } = [];

    public bool Equals(TradeIntent? other) =>
        other is not null && TradeId == other.TradeId && SnapshotId == other.SnapshotId && RouteIndex == other.RouteIndex
        && StructuralEquality.Same(Legs, other.Legs) && Profit.Equals(other.Profit) && Cost.Equals(other.Cost)
        && ExpirySlot == other.ExpirySlot && StructuralEquality.Same(Payload, other.Payload) && At == other.At
        && StructuralEquality.Same(LinkedRoutes, other.LinkedRoutes);

    public override int GetHashCode() => HashCode.Combine(TradeId, StructuralEquality.Hash(Legs), At);
}
