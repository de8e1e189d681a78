namespace QTrade.Messages.Wire;

/// <summary>A message in its wire form.</summary>
/// <param name="Manifest">Stable name of the message's shape.</param>
/// <param name="Version">Version of that shape, from 1.</param>
/// <param name="Bytes">The message as protobuf (messages.proto).</param>
public readonly record struct EncodedMessage(string Manifest, int Version, ReadOnlyMemory<byte> Bytes);
