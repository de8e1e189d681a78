namespace QTrade.Actors.Scheduling;

/// <summary>How a simulation runs.</summary>
public sealed record SimulationOptions
{
    /// <summary>When virtual time begins.</summary>
    public DateTimeOffset Start { get; init; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>
    /// Each message is delayed by up to this much, as the seed says, so that different seeds see different interleavings. Messages
    /// from one actor to another keep their order. Zero: every message arrives in the instant it is sent.
    /// </summary>
    public TimeSpan MaxDeliveryDelay { get; init; } = TimeSpan.Zero;
}
