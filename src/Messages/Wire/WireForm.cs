namespace QTrade.Messages.Wire;

/// <summary>How one type of message is written and read.</summary>
internal abstract class WireForm(string manifest, int version, Type messageType)
{
    /// <summary>Stable name of the shape.</summary>
    public string Manifest => manifest;

    /// <summary>The newest version; all versions up to it are read.</summary>
    public int Version => version;

    public Type MessageType => messageType;

    /// <summary>The version that a message is written in: the oldest that holds all of it, so that older programs read what they can act on.</summary>
    public abstract int VersionOf(IMessage message);

    public abstract void Write(IMessage message, ProtoWriter writer);

    /// <summary>The message, or null where the bytes are not one.</summary>
    public abstract IMessage? Read(ReadOnlySpan<byte> bytes);
}
