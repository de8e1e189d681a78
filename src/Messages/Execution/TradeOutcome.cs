using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Messages.Routing;

namespace QTrade.Messages.Execution;

/// <summary>How a route ended.</summary>
/// <param name="TradeId">The trade.</param>
/// <param name="SnapshotId">The decision that it belongs to.</param>
/// <param name="RouteIndex">The route of that decision.</param>
/// <param name="Ending">Executed, Expired, Rejected, Superseded or Failed.</param>
/// <param name="Reason">Why; <see cref="ReasonCode.None"/> where it was executed.</param>
/// <param name="Detail">One line for a person, may be empty.</param>
/// <param name="Legs">What was swapped, in exact amounts; empty unless executed.</param>
/// <param name="Profit">Profit after costs, in value units; 0 unless executed, or less where a failure cost something.</param>
/// <param name="Cost">Costs that are already taken off the profit, in value units.</param>
/// <param name="Slot">Newest slot seen when it ended.</param>
/// <param name="At">When, by the node's clock.</param>
public sealed record TradeOutcome(
    TradeId TradeId,
    SnapshotId SnapshotId,
    int RouteIndex,
    Ending Ending,
    ReasonCode Reason,
    string Detail,
    ImmutableArray<SettledLeg> Legs,
    double Profit,
    double Cost,
    ulong Slot,
    DateTimeOffset At) : IExecutorCommand, IRouterCommand
{
    public bool Equals(TradeOutcome? other) =>
        other is not null && TradeId == other.TradeId && SnapshotId == other.SnapshotId && RouteIndex == other.RouteIndex
        && Ending == other.Ending && Reason == other.Reason && Detail == other.Detail && StructuralEquality.Same(Legs, other.Legs)
        && Profit.Equals(other.Profit) && Cost.Equals(other.Cost) && Slot == other.Slot && At == other.At;

    public override int GetHashCode() => HashCode.Combine(TradeId, Ending, Reason, At);
}
