using QTrade.Solver.Arithmetic;

namespace QTrade.Solver;

/// <summary>arb of every pool of a problem at prices, in the problem's order: what the sum of a certificate needs, by two cores where they help.</summary>
internal sealed class PoolValues
{
    private readonly SecondCore core;
    private readonly Action<int, int> evaluate;
    private RoutingProblem problem = null!;
    private double[] prices = [];
    private DoubleDouble[] values = [];

    public PoolValues(SecondCore core)
    {
        this.core = core;
        evaluate = Evaluate;
    }

    /// <summary>The values at prices by token. Valid until the next call.</summary>
    public ReadOnlySpan<DoubleDouble> At(RoutingProblem of, ReadOnlySpan<double> at)
    {
        problem = of;
        if (prices.Length < of.TokenCount)
            prices = new double[2 * of.TokenCount];
        if (values.Length < of.Pools.Length)
            values = new DoubleDouble[2 * of.Pools.Length];
        at[..of.TokenCount].CopyTo(prices);
        core.Halve(of.Pools.Length, evaluate);
        return values.AsSpan(0, of.Pools.Length);
    }

    private void Evaluate(int first, int end)
    {
        for (int i = first; i < end; i++)
            values[i] = Certificate.ValueOf(problem.Pools[i], prices);
    }
}
