namespace QTrade.Messages.Routing;

/// <summary>What a decision may depend on beside the snapshot: iterations, never time (law 2). Recorded, so that a replay spends the same.</summary>
/// <param name="IterationsMax">Budget of iterations, at least 1; as many again where none led on from an earlier answer.</param>
/// <param name="Routes">How the solution becomes routes.</param>
public sealed record SolveOptions(int IterationsMax, RouteOptions Routes);
