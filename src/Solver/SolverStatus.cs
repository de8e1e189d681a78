namespace QTrade.Solver;

/// <summary>How a solve ended. A caller looks at it before it looks at any amount.</summary>
public enum SolverStatus
{
    /// <summary>The printed trade is feasible and certified to the gap that <see cref="SolverOptions"/> asks for.</summary>
    Optimal,

    /// <summary>The upper bound itself is next to nothing: no trade makes a profit, and that is certified.</summary>
    NoArbitrage,

    /// <summary>Feasible and bounded, but the gap is larger than asked for.</summary>
    Inaccurate,

    /// <summary>The iterations were spent before the gap closed; what was found is feasible and bounded.</summary>
    Budget,

    /// <summary>The problem is not one that can be solved; <see cref="RoutingSolution.Reason"/> says why.</summary>
    Invalid,
}
