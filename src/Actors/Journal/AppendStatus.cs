namespace QTrade.Actors.Journal;

/// <summary>How an append ended.</summary>
public enum AppendStatus
{
    /// <summary>Every event of the request is durable.</summary>
    Committed,

    /// <summary>Another writer holds that sequence number: nothing was written, and this writer must stop.</summary>
    Conflict,

    /// <summary>The disk is full: nothing was written.</summary>
    Full,

    /// <summary>The journal cannot write: nothing was written.</summary>
    Broken,
}
