namespace QTrade.Messages.Cluster;

/// <summary>Risk refused an executor's command about a slice.</summary>
/// <param name="Executor">Name of the executor.</param>
/// <param name="Slice">Its number for the slice.</param>
/// <param name="Generation">The generation in which it was refused: what trading was resumed in since may be given.</param>
/// <param name="Reason">Why.</param>
/// <param name="Detail">One line for a person, may be empty.</param>
public sealed record RiskRefused(string Executor, long Slice, long Generation, ReasonCode Reason, string Detail) : IClusterMessage;
