namespace QTrade.Markets;

/// <summary>How a solve ended, as <c>qtrade.result/1</c> names it.</summary>
public enum ResultStatus
{
    /// <summary><c>optimal</c>: feasible, and the gap is within the format's bound.</summary>
    Optimal,

    /// <summary><c>noArbitrage</c>: the upper bound is at most 1e-9 value units.</summary>
    NoArbitrage,

    /// <summary><c>inaccurate</c>: feasible, the gap is larger.</summary>
    Inaccurate,

    /// <summary><c>budget</c>: iterations or nodes are spent.</summary>
    Budget,

    /// <summary><c>invalid</c>: there is no answer.</summary>
    Invalid,
}
