using QTrade.Messages.Routing;

namespace QTrade.Node.Actors;

/// <summary>A solve takes longer than any solve should.</summary>
internal sealed record SolveOverdue(SnapshotId SnapshotId) : IOptimizerMessage;
