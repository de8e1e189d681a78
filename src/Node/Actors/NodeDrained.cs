namespace QTrade.Node.Actors;

/// <summary>The node takes in nothing more.</summary>
/// <param name="Clean">Whether nothing was left in flight; what was left is in the journal and goes on at the next start.</param>
public sealed record NodeDrained(bool Clean);
