namespace QTrade.Messages.Routing;

/// <summary>What a solve may spend: iterations, never time (law 2). Recorded with the snapshot, so that a replay spends the same.</summary>
/// <param name="IterationsMax">Budget of iterations, at least 1.</param>
public sealed record SolveOptions(int IterationsMax);
