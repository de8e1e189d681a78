namespace QTrade.Messages.Routing;

/// <summary>A snapshot exists from here on, and ends in exactly one <see cref="SnapshotEnded"/>.</summary>
/// <param name="SnapshotId">The snapshot.</param>
/// <param name="Slot">Newest slot that the router had seen.</param>
/// <param name="Cut">What the snapshot holds.</param>
/// <param name="MarketHash">Digest of the whole cut, lower-case hex.</param>
/// <param name="Start">Earlier decision that the solve begins from; null: cold.</param>
/// <param name="Options">What the solve may spend.</param>
/// <param name="Skipped">Updates since the last cut that newer ones replaced before anybody asked.</param>
/// <param name="At">When, by the node's clock.</param>
public sealed record SnapshotHandedOut(
    SnapshotId SnapshotId,
    ulong Slot,
    SnapshotCut Cut,
    string MarketHash,
    SnapshotId? Start,
    SolveOptions Options,
    long Skipped,
    DateTimeOffset At) : IRouterEvent
{
    /// <summary>Whether the solve begins from that decision's trades as well as from its prices, as those before this was told did not.</summary>
    public bool StartsWithTrades { get; init; }

    /// <summary>The cut of the tape (<see cref="Routing.TapeCut"/>) that this is; 0 where time picked the cut.</summary>
    public long TapeCut { get; init; }

    /// <summary>The tape that it is a cut of; empty where time picked the cut.</summary>
    public string Tape { get; init; } = "";
}
