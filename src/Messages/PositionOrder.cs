namespace QTrade.Messages;

/// <summary>How one position vector stands to another.</summary>
public enum PositionOrder
{
    /// <summary>Every account at the same position.</summary>
    Same,

    /// <summary>No account older and at least one newer.</summary>
    Newer,

    /// <summary>No account newer and at least one older.</summary>
    Older,

    /// <summary>Some account newer and some older: neither state holds all that the other knows.</summary>
    Concurrent,

    /// <summary>Not of the same number of accounts: not positions of the same pool.</summary>
    Incomparable,
}
