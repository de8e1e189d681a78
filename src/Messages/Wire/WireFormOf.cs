namespace QTrade.Messages.Wire;

/// <summary>Writes the fields of a message.</summary>
internal delegate void WriteFields<in TMessage>(TMessage message, ProtoWriter writer);

/// <summary>Reads the fields of a message; what it returns counts only where the reader is not faulty afterwards.</summary>
internal delegate TMessage? ReadFields<out TMessage>(ref ProtoReader reader)
    where TMessage : class;

/// <summary>The wire form of one type.</summary>
internal sealed class WireForm<TMessage>(string manifest, int version, WriteFields<TMessage> write, ReadFields<TMessage> read)
    : WireForm(manifest, version, typeof(TMessage))
    where TMessage : class, IMessage
{
    public override void Write(IMessage message, ProtoWriter writer) => write((TMessage)message, writer);

    public override IMessage? Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new ProtoReader(bytes);
        var message = read(ref reader);
        return reader.Faulty ? null : message;
    }
}
