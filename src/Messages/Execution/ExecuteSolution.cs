using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Messages.Routing;

namespace QTrade.Messages.Execution;

/// <summary>One item of the queue: the routes of one decision, to be executed together. May arrive more than once.</summary>
/// <param name="Epoch">The sending router's epoch; receivers drop lower ones than they have seen.</param>
/// <param name="SnapshotId">The decided snapshot, maybe of an earlier epoch.</param>
/// <param name="Routes">The routes that have not ended yet.</param>
/// <param name="ExpirySlot">Void once a newer slot than this was seen.</param>
public sealed record ExecuteSolution(long Epoch, SnapshotId SnapshotId, ImmutableArray<Route> Routes, ulong ExpirySlot)
    : IExecutorMessage
{
    public bool Equals(ExecuteSolution? other) =>
        other is not null && Epoch == other.Epoch && SnapshotId == other.SnapshotId
        && StructuralEquality.Same(Routes, other.Routes) && ExpirySlot == other.ExpirySlot;

    public override int GetHashCode() => HashCode.Combine(Epoch, SnapshotId);
}
