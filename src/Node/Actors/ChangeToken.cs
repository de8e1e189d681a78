using QTrade.Messages.Registry;

namespace QTrade.Node.Actors;

/// <summary>Registers or changes one token while the node runs.</summary>
public sealed record ChangeToken(RegisterToken Command) : IRegistryMessage;
