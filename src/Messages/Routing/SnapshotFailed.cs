namespace QTrade.Messages.Routing;

/// <summary>An optimizer could not answer: the solver threw, or was stopped by the wall clock.</summary>
/// <param name="SnapshotId">The snapshot.</param>
/// <param name="Reason"><see cref="ReasonCode.SolverFailed"/> or <see cref="ReasonCode.SolverTimedOut"/>.</param>
/// <param name="Detail">One line that says what happened.</param>
public sealed record SnapshotFailed(SnapshotId SnapshotId, ReasonCode Reason, string Detail) : IRouterCommand;
