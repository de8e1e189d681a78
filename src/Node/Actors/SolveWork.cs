using QTrade.Messages.Routing;

namespace QTrade.Node.Actors;

/// <summary>A snapshot for an optimizer to solve.</summary>
public sealed record SolveWork(SolveSnapshot Snapshot) : IOptimizerMessage;
