using QTrade.Messages.Routing;

namespace QTrade.Node.Replay;

/// <summary>A decision that came out differently.</summary>
/// <param name="SnapshotId">The snapshot.</param>
/// <param name="Where">What differs first: a field of the result, an entry of a list, or the routes.</param>
/// <param name="Recorded">What the journal holds there.</param>
/// <param name="Replayed">What was solved now.</param>
/// <param name="RecordedSolver">The solver that made the recorded decision.</param>
public sealed record ReplayDivergence(SnapshotId SnapshotId, string Where, string Recorded, string Replayed, string RecordedSolver)
{
    /// <summary>One line for a person.</summary>
    public string Describe(string solver) => RecordedSolver == solver
        ? $"snapshot {SnapshotId}: {Where} was {Recorded} and is {Replayed}"
        : $"snapshot {SnapshotId}: {Where} was {Recorded} and is {Replayed} (it was solved by {RecordedSolver}, this is {solver})";
}
