using QTrade.Actors;
using QTrade.Broker;
using QTrade.Messages.Wire;

namespace QTrade.Node.Tests.Cluster;

/// <summary>A transport over which what is for an executor comes late, but for what is only shown, and whose connection can be lost and stand again.</summary>
internal sealed class LateTransport(ITransport inner) : ITransport
{
    private readonly Lock _gate = new();
    private readonly List<(Action<Delivery> Handle, Delivery Delivery)> _late = [];
    private bool _isReleased;
    private long _lost;

    public string Node => inner.Node;

    public TransportStatus Status => inner.Status with { Connects = inner.Status.Connects + Volatile.Read(ref _lost) };

    /// <summary>The connection is lost, and another stands.</summary>
    public void Reconnect() => Interlocked.Increment(ref _lost);

    /// <summary>What was late arrives, and what comes is late no more.</summary>
    public void Release()
    {
        lock (_gate)
        {
            _isReleased = true;
            foreach (var (handle, delivery) in _late)
                handle(delivery);
            _late.Clear();
        }
    }

    public Task<PublishEnding> PublishAsync(Hop to, EncodedMessage message, TraceContext? trace = null, CancellationToken cancellationToken = default) =>
        inner.PublishAsync(to, message, trace, cancellationToken);

    public Task<ISubscription> SubscribeAsync(Hop from, int unendedMax, Action<Delivery> handle, CancellationToken cancellationToken = default) =>
        inner.SubscribeAsync(from, unendedMax, from == Hop.Results ? delivery => Take(handle, delivery) : handle, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private void Take(Action<Delivery> handle, Delivery delivery)
    {
        lock (_gate)
        {
            if (_isReleased || delivery.IsShownOnly)
                handle(delivery);
            else
                _late.Add((handle, delivery));
        }
    }
}
