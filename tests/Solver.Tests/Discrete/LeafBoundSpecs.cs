using QTrade.Solver.Discrete;
using QTrade.Solver.Pools;

namespace QTrade.Solver.Tests.Discrete;

/// <summary>Bounds of a choice of pools.</summary>
public sealed class LeafBoundSpecs
{
    /// <summary>Where values a value unit deep cancel to nothing, double-double arithmetic loses more than that: it is rounded up as a certificate is, by an amount and not by a part.</summary>
    [Fact]
    public void Next_to_nothing_is_rounded_up_by_more_than_what_cancels_loses()
    {
        RoutingProblem problem = new([1, 1], [0, 0], [new SumPool([0, 1], [1, 1], [1, 1], 0)]);
        var leaf = new LeafBound(problem, new SelectionLimits(1, 0));
        Choice[] free = [Choice.Free];
        Assert.Equal(0, leaf.At(free, [1, 1]));

        double gain = Math.BitIncrement(1.0) - 1;
        Assert.InRange(leaf.At(free, [1, 1 + gain]), gain + 9e-22, gain * (1 + 1e-4));
    }
}
