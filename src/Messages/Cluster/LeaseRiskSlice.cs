namespace QTrade.Messages.Cluster;

/// <summary>An executor asks for a slice of the shared loss limit.</summary>
/// <param name="Executor">Name of the executor, another one after every start.</param>
/// <param name="Slice">The executor's number for the slice; the same number asked again is the same slice.</param>
/// <param name="Wanted">Loss that it wants to be allowed, in value units.</param>
/// <param name="At">When, by the node's clock.</param>
public sealed record LeaseRiskSlice(string Executor, long Slice, double Wanted, DateTimeOffset At) : IRiskCommand
{
    /// <summary>
    /// What this executor and its predecessors, all of one journal, lost since trading was resumed, as that journal tells: what the predecessors had
    /// leased is given back with it. Null where it is not known.
    /// </summary>
    public double? Known { get; init; }

    /// <summary>
    /// When trading was resumed last, as this journal tells: the time of a resumption is the same wherever it is told, however far the clocks are apart.
    /// The default where it never was, or a version that did not tell it asks.
    /// </summary>
    public DateTimeOffset ResumedAt { get; init; }
}
