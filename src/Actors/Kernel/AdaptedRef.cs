using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace QTrade.Actors.Kernel;

/// <summary>An address that translates each message before it passes it on. What it cannot translate is its actor's failure, not the sender's.</summary>
internal sealed class AdaptedRef<TOther, TMessage>(ActorRef<TMessage> target, Func<TOther, TMessage> translate)
    : ActorRef<TOther>(target.Path)
    where TOther : class
    where TMessage : class
{
    internal override ActorCell? Cell => target.Cell;

    internal override void Deliver(object item, ActorCell? sender)
    {
        if (TryTranslate(item, out var translated))
            target.Deliver(translated, sender);
    }

    internal override void Offer(object item, ActorCell? sender, CreditWaiter waiter)
    {
        if (TryTranslate(item, out var translated))
            target.Offer(translated, sender, waiter);
    }

    private bool TryTranslate(object item, [NotNullWhen(true)] out object? translated)
    {
        try
        {
            var envelope = item as Envelope;
            translated = translate(Unsafe.As<TOther>(envelope?.Message ?? item))
                ?? throw new InvalidOperationException($"{target.Path} translates a {typeof(TOther).Name} into no message");
            if (envelope is not null)
                translated = new Envelope(translated, envelope.Trace, owed: envelope.Owed);
            return true;
        }
#pragma warning disable CA1031 // It would end the sender's thread, and with it the process.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Cell?.Tell(new FailureMessage(failure));
            translated = null;
            return false;
        }
    }
}
