using QTrade.Actors.Journal;

namespace QTrade.Node.Journal.Copying;

/// <summary>A snapshot with when it was written, in milliseconds since 1970.</summary>
internal readonly record struct KeptSnapshot(StoredSnapshot Stored, long Time);
