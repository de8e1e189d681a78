namespace QTrade.Node.Journal;

/// <summary>Where an entity's events end.</summary>
internal sealed class EntityHead(long entity, long highest, long last)
{
    /// <summary>The entity's key.</summary>
    public long Entity => entity;

    /// <summary>Sequence number of its last event, 0 if it has none.</summary>
    public long Highest { get; set; } = highest;

    /// <summary>Ordinal of its last event, 0 if it has none.</summary>
    public long Last { get; set; } = last;
}
