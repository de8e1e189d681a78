using QTrade.Messages.Routing;

namespace QTrade.Messages.Cluster;

/// <summary>An optimizer was offered a snapshot whose base it does not have, and asks for all of it.</summary>
/// <param name="Optimizer">Name of the optimizer.</param>
/// <param name="SnapshotId">The snapshot offered.</param>
public sealed record GetWholeSnapshot(string Optimizer, SnapshotId SnapshotId) : IClusterMessage;
