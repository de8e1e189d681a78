namespace QTrade.Messages;

/// <summary>Anything said between actors, nodes or to the journal: it has a manifest, a version and bytes (<see cref="Wire.MessageCodec"/>).</summary>
public interface IMessage;
