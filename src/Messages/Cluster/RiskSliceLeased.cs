namespace QTrade.Messages.Cluster;

/// <summary>An executor may lose so much.</summary>
/// <param name="Executor">Name of the executor.</param>
/// <param name="Slice">Its number for the slice.</param>
/// <param name="Generation">The slice is void in a later generation.</param>
/// <param name="LossMax">In value units, more than 0.</param>
/// <param name="Until">When it lapses unless it is reported on before.</param>
/// <param name="At">When it was leased.</param>
public sealed record RiskSliceLeased(
    string Executor, long Slice, long Generation, double LossMax, DateTimeOffset Until, DateTimeOffset At) : IRiskEvent;
