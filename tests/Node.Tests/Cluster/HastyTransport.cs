using QTrade.Actors;
using QTrade.Broker;
using QTrade.Broker.InProcess;
using QTrade.Messages.Wire;

namespace QTrade.Node.Tests.Cluster;

/// <summary>A transport whose subscriptions deliver a second before whoever subscribed hears of it.</summary>
internal sealed class HastyTransport(InProcessTransport inner, TimeProvider time) : ITransport
{
    public static readonly TimeSpan SaysSo = TimeSpan.FromSeconds(1);

    public string Node => inner.Node;

    /// <summary>How often a subscription was ended.</summary>
    public int Ended { get; private set; }

    public TransportStatus Status => inner.Status;

    public Task<PublishEnding> PublishAsync(Hop to, EncodedMessage message, TraceContext? trace = null, CancellationToken cancellationToken = default) =>
        inner.PublishAsync(to, message, trace, cancellationToken);

    public async Task<ISubscription> SubscribeAsync(Hop from, int unendedMax, Action<Delivery> handle, CancellationToken cancellationToken = default)
    {
        var subscription = await inner.SubscribeAsync(from, unendedMax, handle, cancellationToken);
        await Task.Delay(SaysSo, time, CancellationToken.None);
        return new Subscription(subscription, () => Ended++);
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private sealed class Subscription(ISubscription inner, Action ended) : ISubscription
    {
        public int Unended => inner.Unended;

        public Task CancelAsync() => inner.CancelAsync();

        public ValueTask DisposeAsync()
        {
            ended();
            return inner.DisposeAsync();
        }
    }
}
