namespace QTrade.Messages.Wire;

/// <summary>Writes the fields of a message.</summary>
internal delegate void WriteFields<in TMessage>(TMessage message, ProtoWriter writer);

/// <summary>Reads the fields of a message; what it returns counts only where the reader is not faulty afterwards.</summary>
internal delegate TMessage? ReadFields<out TMessage>(ref ProtoReader reader)
    where TMessage : class;

/// <summary>The wire form of one type.</summary>
/// <param name="manifest">Stable name of the shape.</param>
/// <param name="version">The newest version.</param>
/// <param name="write">Writes the fields.</param>
/// <param name="read">Reads the fields.</param>
/// <param name="versionOf">The version that a message needs; null for the newest.</param>
internal sealed class WireForm<TMessage>(
    string manifest, int version, WriteFields<TMessage> write, ReadFields<TMessage> read, Func<TMessage, int>? versionOf = null)
    : WireForm(manifest, version, typeof(TMessage))
    where TMessage : class, IMessage
{
    public override int VersionOf(IMessage message) => versionOf is null ? Version : versionOf((TMessage)message);

    public override void Write(IMessage message, ProtoWriter writer) => write((TMessage)message, writer);

    public override IMessage? Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new ProtoReader(bytes);
        var message = read(ref reader);
        return reader.Faulty ? null : message;
    }
}
