using System.Collections.Concurrent;
using QTrade.Actors;
using QTrade.Broker;
using QTrade.Markets;
using QTrade.Messages;
using QTrade.Messages.Cluster;
using QTrade.Messages.Pools;
using QTrade.Messages.Wire;

namespace QTrade.Cluster.Tests;

/// <summary>The transport of the node that the chain lives in: keeps the last state that the chain showed of every pool, and can hold further ones back.</summary>
internal sealed class ChainTransport(ITransport transport) : ITransport
{
    private readonly Lock _gate = new();
    private readonly Dictionary<PoolId, ObserveReserves> _shown = [];
    private readonly Dictionary<PoolId, (Hop Hop, EncodedMessage Message)> _held = [];
    private readonly ConcurrentDictionary<string, string> _admins = new();
    private bool _holds;

    public string Node => transport.Node;

    public TransportStatus Status => transport.Status;

    /// <summary>The last state that was shown of every pool, by position.</summary>
    public Dictionary<PoolId, ObserveReserves> Shown
    {
        get
        {
            lock (_gate) return new(_shown);
        }
    }

    /// <summary>Where the nodes say that their admin ports are.</summary>
    public IReadOnlyDictionary<string, string> Admins => _admins;

    /// <summary>From now on nothing is shown.</summary>
    public void Hold()
    {
        lock (_gate) _holds = true;
    }

    /// <summary>What is newest of each pool is shown, and all that follows.</summary>
    public async Task ReleaseAsync()
    {
        List<(Hop Hop, EncodedMessage Message)> held;
        lock (_gate)
        {
            _holds = false;
            held = [.. _held.Values];
            _held.Clear();
        }

        await Task.WhenAll(held.Select(waiting => PublishAsync(waiting.Hop, waiting.Message)));
    }

    public Task<PublishEnding> PublishAsync(Hop to, EncodedMessage message, TraceContext? trace = null, CancellationToken cancellationToken = default)
    {
        if (!MessageCodec.TryDecode(message.Manifest, message.Version, message.Bytes.Span, out IMessage? content, out string? error))
            throw new InvalidOperationException(error);
        if (content is ObserveReserves observed)
        {
            lock (_gate)
            {
                if (_holds)
                {
                    _held[observed.PoolId] = (to, message);
                    return Task.FromResult(PublishEnding.Confirmed);
                }

                if (!_shown.TryGetValue(observed.PoolId, out ObserveReserves? newest) || observed.At.CompareTo(newest.At) == PositionOrder.Newer)
                    _shown[observed.PoolId] = observed;
            }
        }

        return transport.PublishAsync(to, message, trace, cancellationToken);
    }

    public Task<ISubscription> SubscribeAsync(Hop from, int unendedMax, Action<Delivery> handle, CancellationToken cancellationToken = default) =>
        transport.SubscribeAsync(
            from,
            unendedMax,
            delivery =>
            {
                if (delivery.Message is NodeAnnouncement { AdminAddress.Length: > 0 } announced) _admins[announced.Node] = announced.AdminAddress;
                handle(delivery);
            },
            cancellationToken);

    public ValueTask DisposeAsync() => transport.DisposeAsync();
}
