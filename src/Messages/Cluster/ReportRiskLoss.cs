namespace QTrade.Messages.Cluster;

/// <summary>An executor tells what it lost without a slice of the shared loss limit, as by trades that were under way when it had none.</summary>
/// <param name="Executor">Name of the executor.</param>
/// <param name="Generation">Generation in which that was lost: a later one counts anew.</param>
/// <param name="Loss">Lost so in that generation in all, in value units, at least 0.</param>
/// <param name="At">When, by the node's clock.</param>
public sealed record ReportRiskLoss(string Executor, long Generation, double Loss, DateTimeOffset At) : IRiskCommand;
