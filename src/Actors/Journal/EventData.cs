namespace QTrade.Actors.Journal;

/// <summary>An event in its wire form: what kind of fact it is, in which version of its shape, and its bytes.</summary>
/// <param name="Manifest">Stable name of the event's shape, for instance <c>pool.reserves-changed</c>.</param>
/// <param name="Version">Version of that shape, from 1.</param>
/// <param name="Payload">The event's bytes. The journal keeps them as they are and never looks inside.</param>
public readonly record struct EventData(string Manifest, int Version, ReadOnlyMemory<byte> Payload);
