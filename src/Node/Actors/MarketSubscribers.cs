using QTrade.Actors;
using QTrade.Messages;
using QTrade.Messages.Execution;
using QTrade.Messages.Routing;

namespace QTrade.Node.Actors;

/// <summary>Who is told of every durable change of the market: the router, which cuts it, and the executor, which quotes on it.</summary>
public sealed record MarketSubscribers(ActorRef<IRouterMessage> Router, ActorRef<IExecutorMessage> Executor)
{
    /// <summary>Records the sends; of an event that is being persisted they go out once it is durable.</summary>
    public void Publish(IMarketChange change, Effects effects)
    {
        // The executor first: once the router has seen a change, the executor is told of it too.
        effects.Send<IExecutorMessage>(Executor, change);
        effects.Send<IRouterMessage>(Router, change);
    }

    /// <summary>Tells what the feed vouches for.</summary>
    public void Publish(TrustFrom trust, Effects effects)
    {
        effects.Send<IExecutorMessage>(Executor, trust);
        effects.Send<IRouterMessage>(Router, trust);
    }

    /// <summary>Tells the newest slot.</summary>
    public void Publish(SlotObserved observed, Effects effects)
    {
        effects.Send<IRouterMessage>(Router, observed);
        effects.Send<IExecutorMessage>(Executor, observed);
    }
}
