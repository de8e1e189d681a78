using QTrade.Actors;
using QTrade.Messages.Wire;

namespace QTrade.Broker;

/// <summary>
/// Carries messages between the nodes of a cluster, at least once each: whoever receives one may have seen it before. While the connection
/// lasts, what one node publishes on a hop stays in order. Used from any thread.
/// </summary>
public interface ITransport : IAsyncDisposable
{
    /// <summary>The name of this node, which others see as the sender.</summary>
    string Node { get; }

    /// <summary>How it is connected and what it has carried, now.</summary>
    TransportStatus Status { get; }

    /// <summary>Publishes a message. Ends once the broker has it, or says why not; while there is no connection it waits and tries again.</summary>
    /// <exception cref="OperationCanceledException">Cancelled, or the transport has ended: the broker may or may not have the message.</exception>
    Task<PublishEnding> PublishAsync(Hop to, EncodedMessage message, TraceContext? trace = null, CancellationToken cancellationToken = default);

    /// <summary>Has the messages of a hop handled. Ends once it is subscribed for the first time; from then on it heals by itself.</summary>
    /// <param name="from">The hop.</param>
    /// <param name="unendedMax">How many deliveries may be unended at once; more wait at the broker.</param>
    /// <param name="handle">Handles one delivery after the other, quickly: it hands it on, and whoever is done with it ends it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<ISubscription> SubscribeAsync(Hop from, int unendedMax, Action<Delivery> handle, CancellationToken cancellationToken = default);
}
