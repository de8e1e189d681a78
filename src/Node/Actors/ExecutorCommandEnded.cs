using QTrade.Broker;

namespace QTrade.Node.Actors;

/// <summary>What became of a command for the executor.</summary>
/// <param name="Refusal">Why its rules refused it; null where they did not.</param>
/// <param name="NotWritten">Why the journal did not take it; null where it did, or had nothing to take.</param>
public sealed record ExecutorCommandEnded(string? Refusal, string? NotWritten)
{
    /// <summary>
    /// What became of it where the broker did not take it for whoever was to obey: <see cref="PublishEnding.Full"/>, nothing changed;
    /// <see cref="PublishEnding.Unknown"/>, it may have arrived all the same. Null where it arrived.
    /// </summary>
    public PublishEnding? NotTaken { get; init; }
}
