namespace QTrade.Actors.Work;

/// <summary>How much a work pool takes on.</summary>
public sealed record WorkPoolOptions
{
    /// <summary>Its own threads; by default one fewer than the cores, at least one, so that the actors always have one.</summary>
    public int Threads { get; init; } = Math.Max(1, Environment.ProcessorCount - 1);

    /// <summary>Work that may wait for a thread; more is refused and counted.</summary>
    public int QueueCapacity { get; init; } = 1_024;

    /// <summary>How long one piece of work takes in virtual time under simulation.</summary>
    public TimeSpan SimulatedDuration { get; init; } = TimeSpan.FromMilliseconds(1);
}
