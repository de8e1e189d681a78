namespace QTrade.Actors.Kernel;

/// <summary>What became of a message handed to a mailbox.</summary>
internal enum PostResult
{
    /// <summary>It waits; the reader will come.</summary>
    Queued,

    /// <summary>It waits, and the caller wakes the reader.</summary>
    Wake,

    /// <summary>There was no room.</summary>
    Full,

    /// <summary>The actor has stopped.</summary>
    Closed,
}
