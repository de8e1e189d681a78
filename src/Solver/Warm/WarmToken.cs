using QTrade.Solver.Arithmetic;

namespace QTrade.Solver.Warm;

/// <summary>A token of a session: what is read together lies together, in 64 bytes.</summary>
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

    /// <summary>Shortage relative to the turnover up to which a printed trade counts as balanced here.</summary>
    private const double Tolerated = 5e-13;

    /// <summary>Whether psi + h >= 0 falls short by more than a printed trade may, or is no number.</summary>
    public readonly bool IsShort => !(Balance.Nearest >= -Tolerated * Gross && double.IsFinite(Gross));

    /// <summary>Whether a token of that price rests at its value.</summary>
    public readonly bool IsAt(double price) => Value > 0 && price <= Value;
}
