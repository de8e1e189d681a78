namespace QTrade.Node.Journal;

/// <summary>What reading a row of events came to.</summary>
internal enum RowReading
{
    /// <summary>An event.</summary>
    Event,

    /// <summary>There is no further row.</summary>
    End,

    /// <summary>There is a row, but not as it was written.</summary>
    EventDamaged,

    /// <summary>The page cannot be read, so neither can the rows behind it by going on.</summary>
    PageDamaged,
}
