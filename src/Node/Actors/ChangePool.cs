using QTrade.Actors;
using QTrade.Messages.Registry;
using QTrade.Node.Simulation;

namespace QTrade.Node.Actors;

/// <summary>Adds, reconfigures or retires one pool while the node runs.</summary>
/// <param name="Command">What to do.</param>
/// <param name="Feed">Is told with <see cref="Feeds.PoolRegistered"/> once it is durable or refused; null for nobody.</param>
public sealed record ChangePool(IPoolConfigurationMessage Command, ActorRef<IFeedMessage>? Feed = null) : IRegistryMessage;
