using QTrade.Solver.Arithmetic;

namespace QTrade.Solver.Warm;

/// <summary>A token of a session: together what is read together, one cache line in all.</summary>
internal struct WarmToken
{
    /// <summary>c and h.</summary>
    public double Value;
    public double Holding;

    /// <summary>psi + h of what is best at the prices, sum of edge weights.</summary>
    public double Flow;
    public double Weight;

    /// <summary>psi + h of the kept flows and their turnover.</summary>
    public CompensatedSum Balance;
    public double Gross;

    /// <summary>The commit before which its sums changed last, and that before which they were found in another order than the tree's.</summary>
    public int Mark;
    public int OverwrittenMark;

    /// <summary>Whether a token of that price rests at its value.</summary>
    public readonly bool IsAt(double price) => Value > 0 && price <= Value;
}
