namespace QTrade.Solver.Warm;

/// <summary>Why a session's solve could not stay in the neighbourhood of what moved.</summary>
public enum LocalObstacle
{
    /// <summary>It could.</summary>
    None,

    /// <summary>There was no earlier answer.</summary>
    ColdStart,

    /// <summary>The market has pools that do not answer to prices, or none that trades.</summary>
    Kinds,

    /// <summary>No finite bound came of the prices.</summary>
    Bound,

    /// <summary>Its prices did not settle in the steps allowed.</summary>
    Steps,

    /// <summary>A token left out of the problem could not be priced.</summary>
    TokensLeftOut,

    /// <summary>The kept flows could not be balanced.</summary>
    Balance,

    /// <summary>The gap stayed open after the rounds allowed, or one of them left much of it.</summary>
    Rounds,
}
