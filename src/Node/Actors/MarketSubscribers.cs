using QTrade.Actors;
using QTrade.Messages;
using QTrade.Messages.Execution;
using QTrade.Messages.Routing;

namespace QTrade.Node.Actors;

/// <summary>Who is told of every durable change of the market: the router, which cuts it, and the executor, which quotes on it.</summary>
/// <param name="Router">The router, or whoever publishes to routers and executors of other nodes.</param>
/// <param name="Executor">The executor of this node; null where only <paramref name="Router"/> is told.</param>
public sealed record MarketSubscribers(ActorRef<IRouterMessage> Router, ActorRef<IExecutorMessage>? Executor)
{
    /// <summary>Records the sends; of an event that is being persisted they go out once it is durable.</summary>
    public void Publish(IMarketChange change, Effects effects)
    {
        // The executor first: once the router has seen a change, the executor is told of it too.
        if (Executor is { } executor)
            effects.Send<IExecutorMessage>(executor, change);
        effects.Send<IRouterMessage>(Router, change);
    }

    /// <summary>Tells what the feed vouches for.</summary>
    public void Publish(TrustFrom trust, Effects effects)
    {
        if (Executor is { } executor)
            effects.Send<IExecutorMessage>(executor, trust);
        effects.Send<IRouterMessage>(Router, trust);
    }

    /// <summary>Tells the newest slot.</summary>
    public void Publish(SlotObserved observed, Effects effects)
    {
        effects.Send<IRouterMessage>(Router, observed);
        if (Executor is { } executor)
            effects.Send<IExecutorMessage>(executor, observed);
    }
}
