using QTrade.Actors;
using QTrade.Messages.Wire;

namespace QTrade.Broker.InProcess;

/// <summary>A node's transport to the others of its process.</summary>
public sealed class InProcessTransport : ITransport
{
    private readonly InProcessBroker _broker;
    private readonly TransportCounters _counters = new("in process");
    private readonly Lock _gate = new();
    private readonly List<InProcessSubscription> _subscriptions = [];
    private long _subscribed;
    private bool _ended;

    public InProcessTransport(InProcessBroker broker, string node)
    {
        (_broker, Node) = (broker, node);
        _counters.Add(TransportCounters.Count.Connects);
    }

    public string Node { get; }

    public TransportStatus Status => _counters.Now(connected: !Volatile.Read(ref _ended));

    public Task<PublishEnding> PublishAsync(
        Hop to, EncodedMessage message, TraceContext? trace = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Volatile.Read(ref _ended))
            throw new OperationCanceledException("the transport has ended");
        return Task.FromResult(_counters.Ended(_broker.Publish(to, message, Node, trace)));
    }

    public Task<ISubscription> SubscribeAsync(
        Hop from, int unendedMax, Action<Delivery> handle, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Hop.ThrowIfDead(from);
        ArgumentOutOfRangeException.ThrowIfLessThan(unendedMax, 1);
        lock (_gate)
        {
            if (_ended)
                throw new OperationCanceledException("the transport has ended");
            var subscription = new InProcessSubscription(
                _broker, Node, Interlocked.Increment(ref _subscribed), from, unendedMax, new Handling(_counters, handle), _counters);
            _subscriptions.Add(subscription);
            return Task.FromResult<ISubscription>(subscription);
        }
    }

    public async ValueTask DisposeAsync()
    {
        InProcessSubscription[] subscriptions;
        lock (_gate)
        {
            _ended = true;
            subscriptions = [.. _subscriptions];
            _subscriptions.Clear();
        }

        foreach (var subscription in subscriptions)
            await subscription.DisposeAsync().ConfigureAwait(false);
    }
}
