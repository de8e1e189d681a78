namespace QTrade.Node.Actors;

/// <summary>What the snapshot that was asked for came to.</summary>
/// <param name="Decision">The decision; null where there is none.</param>
/// <param name="Refusal">Why there is none.</param>
public sealed record SolvedNow(LastDecisionStatus? Decision, string? Refusal);
