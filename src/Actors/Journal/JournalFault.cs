namespace QTrade.Actors.Journal;

/// <summary>What is wrong with a simulated journal.</summary>
public enum JournalFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The disk is full: appends are refused, reading goes on.</summary>
    Full,

    /// <summary>Writing fails: appends are refused, reading goes on.</summary>
    Broken,
}
