namespace QTrade.Solver.Discrete;

/// <summary>What a part of the search says of one pool.</summary>
internal enum Choice : byte
{
    /// <summary>It may be used or not.</summary>
    Free,

    /// <summary>It counts as used and costs, whether it trades or not.</summary>
    In,

    /// <summary>It is not used.</summary>
    Out,
}
