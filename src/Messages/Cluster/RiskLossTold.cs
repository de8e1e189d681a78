namespace QTrade.Messages.Cluster;

/// <summary>What an executor lost without a slice.</summary>
/// <param name="Executor">Name of the executor; of what no executor told in its time the entity that knows of it, see <see cref="LeaseRiskSlice.Known"/>.</param>
/// <param name="Generation">The generation.</param>
/// <param name="Loss">Lost so in that generation in all, in value units.</param>
/// <param name="At">When it was told.</param>
public sealed record RiskLossTold(string Executor, long Generation, double Loss, DateTimeOffset At) : IRiskEvent;
