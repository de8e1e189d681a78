using QTrade.Messages.Registry;

namespace QTrade.Node.Actors;

/// <summary>Adds, reconfigures or retires one pool while the node runs.</summary>
public sealed record ChangePool(IPoolConfigurationMessage Command) : IRegistryMessage;
