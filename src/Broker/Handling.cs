using QTrade.Actors;
using QTrade.Messages.Wire;
using static QTrade.Broker.TransportCounters;

namespace QTrade.Broker;

/// <summary>What every transport does with bytes that arrive: reads them, hands them on, and sees to those that are poison.</summary>
/// <param name="counters">What is counted.</param>
/// <param name="handle">The subscriber.</param>
internal sealed class Handling(TransportCounters counters, Action<Delivery> handle)
{
    /// <summary>
    /// So many deliveries of a message of a quorum queue may end without an acknowledgement before it is put on the queue anew. From RabbitMQ 4 on the broker drops
    /// it after the twentieth, whatever it holds, unless the queue was declared otherwise, which queues of earlier versions of this program were not.
    /// </summary>
    public const int DeliveriesMax = 10;

    /// <summary>Hands a message on. A handler that throws gets it once more; if it throws again the message is poison.</summary>
    /// <param name="message">The message, from anywhere.</param>
    /// <param name="from">Who says to have sent it.</param>
    /// <param name="redelivered">Whether it was delivered before.</param>
    /// <param name="trace">The trace it belongs to.</param>
    /// <param name="end">Ends it at the broker; called once.</param>
    public void Receive(EncodedMessage message, string from, bool redelivered, TraceContext? trace, Action<DeliveryEnding, string?> end)
    {
        if (!MessageCodec.TryDecode(message.Manifest, message.Version, message.Bytes.Span, out var content, out var error))
        {
            Refuse(error, end);
            return;
        }

        var delivery = new Delivery(content, from, redelivered, trace, (ending, reason) =>
        {
            if (ending == DeliveryEnding.Refused)
                counters.Poison(reason!);
            end(ending, reason);
        });
        counters.Add(Count.Delivered);
        if (redelivered)
            counters.Add(Count.Redelivered);
        try
        {
            handle(delivery);
        }
#pragma warning disable CA1031 // A handler's fault must not end the subscription.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            counters.Add(Count.HandlersFailed);
            if (redelivered)
                delivery.Refuse($"its handler failed twice, the second time with {fault.GetType().Name}: {fault.Message.ReplaceLineEndings(" ")}");
            else
                delivery.Return();
        }
    }

    /// <summary>Shows a message that is being put on its hop anew. What cannot be read is seen to when it comes again.</summary>
    /// <param name="message">The message, from anywhere.</param>
    /// <param name="from">Who says to have sent it.</param>
    /// <param name="trace">The trace it belongs to.</param>
    public void Show(EncodedMessage message, string from, TraceContext? trace)
    {
        if (!MessageCodec.TryDecode(message.Manifest, message.Version, message.Bytes.Span, out var content, out _))
            return;
        try
        {
            handle(new Delivery(content, from, true, trace, static (_, _) => { }) { IsShownOnly = true });
        }
#pragma warning disable CA1031 // A handler's fault must not end the subscription.
        catch (Exception)
#pragma warning restore CA1031
        {
            counters.Add(Count.HandlersFailed);
        }
    }

    /// <summary>Puts what is no message to the dead letters.</summary>
    public void Refuse(string reason, Action<DeliveryEnding, string?> end)
    {
        counters.Poison(reason);
        end(DeliveryEnding.Refused, reason);
    }
}
