using System.Runtime.CompilerServices;

namespace QTrade.Actors.Kernel;

/// <summary>An address that translates each message before it passes it on.</summary>
internal sealed class AdaptedRef<TOther, TMessage>(ActorRef<TMessage> target, Func<TOther, TMessage> translate)
    : ActorRef<TOther>(target.Path)
    where TOther : class
    where TMessage : class
{
    internal override ActorCell? Cell => target.Cell;

    internal override void Deliver(object item, ActorCell? sender) => target.Deliver(Translate(item), sender);

    internal override void Offer(object item, ActorCell? sender, CreditWaiter waiter) =>
        target.Offer(Translate(item), sender, waiter);

    private object Translate(object item) => item is Envelope envelope
        ? new Envelope(translate(Unsafe.As<TOther>(envelope.Message)), envelope.Trace, owed: envelope.Owed)
        : translate(Unsafe.As<TOther>(item));
}
