namespace QTrade.Solver.Warm;

/// <summary>What a pool at its best adds to the sums of its tokens.</summary>
internal readonly struct WarmContribution(in WarmPool pool)
{
    public readonly double FlowFirst = pool.FlowFirst;
    public readonly double FlowSecond = pool.FlowSecond;
    public readonly double Weight = pool.Weight;
}
