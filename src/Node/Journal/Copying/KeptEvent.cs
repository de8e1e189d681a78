using QTrade.Actors.Journal;

namespace QTrade.Node.Journal.Copying;

/// <summary>An event with when it was written, in milliseconds since 1970.</summary>
internal readonly record struct KeptEvent(StoredEvent Stored, long Time);
