using QTrade.Messages.Routing;

namespace QTrade.Node.Replay;

/// <summary>Decisions that cannot be solved again for one reason: retention drops what is old, and a damaged journal loses events.</summary>
/// <param name="What">What of them the journal no longer has.</param>
/// <param name="Count">How many.</param>
/// <param name="First">The first of them.</param>
/// <param name="Last">The last of them.</param>
public sealed record MissingDecisions(string What, long Count, SnapshotId First, SnapshotId Last)
{
    /// <summary>One line for a person.</summary>
    public override string ToString() => $"{Count:N0} for want of the {What}, snapshots {First} to {Last}";
}
