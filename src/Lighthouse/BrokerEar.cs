using QTrade.Broker;
using QTrade.Messages.Cluster;

namespace QTrade.Lighthouse;

/// <summary>Hears what nodes announce on the broker of their cluster. While the broker is away nothing is heard; it heals by itself.</summary>
public static class BrokerEar
{
    // As many as the largest cluster announces in a quarter of a second.
    private const int UnendedMax = 256;

    /// <summary>Listens until it is told to stop.</summary>
    public static async Task ListenAsync(ITransport transport, NodeDirectory directory, TimeProvider time, CancellationToken stop)
    {
        try
        {
            ISubscription subscription = await transport.SubscribeAsync(Hop.Nodes, UnendedMax, Hear, stop).ConfigureAwait(false);
            await using (subscription.ConfigureAwait(false))
                await Task.Delay(Timeout.InfiniteTimeSpan, time, stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // It was told to stop.
        }

        void Hear(Delivery delivery)
        {
            if (delivery.Message is NodeAnnouncement announced)
                directory.Hear(announced);
            delivery.Ack();
        }
    }
}
