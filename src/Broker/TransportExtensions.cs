using QTrade.Actors;
using QTrade.Messages;
using QTrade.Messages.Wire;

namespace QTrade.Broker;

/// <summary>What follows from a transport.</summary>
public static class TransportExtensions
{
    /// <summary>Publishes a message in its wire form.</summary>
    /// <exception cref="ArgumentException">A type of message that has no wire form.</exception>
    public static Task<PublishEnding> PublishAsync(
        this ITransport transport, Hop to, IMessage message, TraceContext? trace = null, CancellationToken cancellationToken = default) =>
        transport.PublishAsync(to, MessageCodec.Encode(message), trace, cancellationToken);
}
