using QTrade.Actors;

namespace QTrade.Node.Actors;

/// <summary>Changes a token or a pool while the node runs.</summary>
/// <param name="Command">What to change.</param>
/// <param name="ReplyTo">Is told once it is ordered; null where nobody asks.</param>
public sealed record ChangeRegistry(IRegistryMessage Command, ActorRef<ChangeOrdered>? ReplyTo = null) : INodeMessage;
