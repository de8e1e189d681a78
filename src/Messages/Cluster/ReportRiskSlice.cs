namespace QTrade.Messages.Cluster;

/// <summary>An executor tells what it lost of a slice, which renews the slice or gives back what is left of it.</summary>
/// <param name="Executor">Name of the executor.</param>
/// <param name="Slice">Its number for the slice.</param>
/// <param name="Loss">Lost of the slice in all, in value units, at least 0.</param>
/// <param name="IsReturned">The slice is not used any more.</param>
/// <param name="At">When, by the node's clock.</param>
public sealed record ReportRiskSlice(string Executor, long Slice, double Loss, bool IsReturned, DateTimeOffset At) : IRiskCommand;
