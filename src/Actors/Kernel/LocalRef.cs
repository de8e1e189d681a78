namespace QTrade.Actors.Kernel;

/// <summary>The address of an actor in this process.</summary>
internal sealed class LocalRef<TMessage>(ActorCell cell, ActorPath path) : ActorRef<TMessage>(path)
    where TMessage : class
{
    internal override ActorCell Cell => cell;

    internal override void Deliver(object item, ActorCell? sender) => cell.Send(item, sender);

    internal override void Offer(object item, ActorCell? sender, CreditWaiter waiter) => cell.Send(item, sender, waiter);
}
