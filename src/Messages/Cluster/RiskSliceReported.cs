namespace QTrade.Messages.Cluster;

/// <summary>What an executor lost of its slice.</summary>
/// <param name="Executor">Name of the executor.</param>
/// <param name="Slice">Its number for the slice.</param>
/// <param name="Generation">Generation of the slice.</param>
/// <param name="Loss">Lost of the slice in all, in value units.</param>
/// <param name="IsReturned">What is left of it is free again.</param>
/// <param name="Until">When it lapses unless it is reported on again.</param>
/// <param name="At">When it was reported.</param>
public sealed record RiskSliceReported(
    string Executor, long Slice, long Generation, double Loss, bool IsReturned, DateTimeOffset Until, DateTimeOffset At) : IRiskEvent;
