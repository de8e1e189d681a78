namespace QTrade.Node;

/// <summary>What the last solve came to.</summary>
/// <param name="Snapshot">The snapshot's id.</param>
/// <param name="Status">The result's status, as the result file spells it.</param>
/// <param name="Profit">Profit before costs, in value units.</param>
/// <param name="UpperBound">The proven upper bound, in value units.</param>
/// <param name="Gap">The certified gap, relative to the bound.</param>
/// <param name="Latency">From the last update in the snapshot to the certified result.</param>
public sealed record LastDecisionStatus(string Snapshot, string Status, double Profit, double UpperBound, double Gap, TimeSpan Latency);
