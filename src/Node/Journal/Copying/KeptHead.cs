namespace QTrade.Node.Journal.Copying;

/// <summary>Where an entity's events end, and up to where retention dropped them.</summary>
/// <param name="Name">The entity's persistence id.</param>
/// <param name="Highest">Sequence number of its last event.</param>
/// <param name="Last">Ordinal of its last event.</param>
/// <param name="Trimmed">Sequence number up to which its events may be gone.</param>
internal readonly record struct KeptHead(string Name, long Highest, long Last, long Trimmed);
