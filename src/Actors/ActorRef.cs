using QTrade.Actors.Kernel;

namespace QTrade.Actors;

/// <summary>The address of an actor, stable over its restarts. What can be told to it is on <see cref="ActorRef{TMessage}"/>.</summary>
public abstract class ActorRef
{
    private protected ActorRef(ActorPath path) => Path = path;

    /// <summary>Where the actor lives.</summary>
    public ActorPath Path { get; }

    /// <summary>The actor behind this address, where there is one on this node.</summary>
    internal virtual ActorCell? Cell => null;

    /// <summary>Hands over a message or an <see cref="Envelope"/>; never waits, never throws.</summary>
    internal abstract void Deliver(object item, ActorCell? sender);

    /// <summary>Hands over a message; if the mailbox is full the waiter is told so, and told again once there is room.</summary>
    internal virtual void Offer(object item, ActorCell? sender, CreditWaiter waiter) => Deliver(item, sender);

    public override string ToString() => Path.Value;
}
