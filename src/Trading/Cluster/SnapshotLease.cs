using QTrade.Messages.Routing;

namespace QTrade.Trading.Cluster;

/// <summary>A snapshot that an optimizer has, for a while.</summary>
/// <param name="SnapshotId">The snapshot.</param>
/// <param name="Optimizer">Who has it.</param>
/// <param name="Until">When it lapses.</param>
/// <param name="Attempt">The how-manieth optimizer that it was given to, from 1.</param>
public sealed record SnapshotLease(SnapshotId SnapshotId, string Optimizer, TimeSpan Until, int Attempt)
{
    /// <summary>Nobody else is offered the snapshot after this lapse: it has failed.</summary>
    public bool IsLast => Attempt >= SnapshotLeases.AttemptsMax;
}
