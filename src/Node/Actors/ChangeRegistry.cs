namespace QTrade.Node.Actors;

/// <summary>Changes a token or a pool while the node runs.</summary>
public sealed record ChangeRegistry(IRegistryMessage Command) : INodeMessage;
