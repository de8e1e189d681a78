namespace QTrade.Messages.Routing;

/// <summary>A snapshot is over.</summary>
/// <param name="SnapshotId">The snapshot.</param>
/// <param name="Ending">In which of the six ways.</param>
/// <param name="Reason">Why.</param>
/// <param name="Detail">One line for a person, may be empty.</param>
/// <param name="At">When, by the node's clock.</param>
public sealed record SnapshotEnded(SnapshotId SnapshotId, Ending Ending, ReasonCode Reason, string Detail, DateTimeOffset At) : IRouterEvent;
