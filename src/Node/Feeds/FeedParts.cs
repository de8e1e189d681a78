using System.Collections.Immutable;
using QTrade.Actors;
using QTrade.Markets;
using QTrade.Messages.Pools;
using QTrade.Messages.Routing;
using QTrade.Node.Actors;
using QTrade.Node.Simulation;

namespace QTrade.Node.Feeds;

/// <summary>Whom a feed tells what it sees.</summary>
/// <param name="Pools">Takes observations of pools.</param>
/// <param name="Registry">Takes tokens and configurations.</param>
/// <param name="Subscribers">Trade.</param>
/// <param name="Metrics">Counts observations.</param>
/// <param name="Router">Is told of the cuts of a tape.</param>
public sealed record FeedParts(
    ActorRef<IPoolMessage> Pools, ActorRef<IRegistryMessage> Registry, MarketSubscribers Subscribers, FeedMetrics Metrics, ActorRef<IRouterMessage> Router)
{
    /// <summary>The pools of which the journal has a state when the feed begins, each with the newest slot of it.</summary>
    public ImmutableDictionary<PoolId, ulong> Stood { get; init; } = ImmutableDictionary<PoolId, ulong>.Empty;
}
