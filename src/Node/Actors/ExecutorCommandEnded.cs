namespace QTrade.Node.Actors;

/// <summary>What became of a command for the executor.</summary>
/// <param name="Refusal">Why its rules refused it; null where they did not.</param>
/// <param name="NotWritten">Why the journal did not take it; null where it did, or had nothing to take.</param>
public sealed record ExecutorCommandEnded(string? Refusal, string? NotWritten);
