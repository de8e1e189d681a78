namespace QTrade.Solver;

/// <summary>The name under which results are recorded. It changes whenever the same inputs could give other bits.</summary>
public static class SolverVersion
{
    /// <summary>Name and version, as written into the <c>solver</c> field of a result.</summary>
    public const string Current = "qtrade-newton 4.13";
}
