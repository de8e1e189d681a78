using QTrade.Messages;

namespace QTrade.Broker;

/// <summary>
/// Publishes on one hop and keeps what is outstanding, published and not ended, below a bound: whoever publishes beyond it waits until something
/// ends. A queue's own bound does not do: it counts neither what is delivered and unended nor what is on its way. Used from any thread.
/// </summary>
/// <typeparam name="TId">What tells the messages apart. One published again under its id is outstanding once.</typeparam>
public sealed class OutstandingPublisher<TId> : IDisposable
    where TId : notnull
{
    private readonly ITransport _transport;
    private readonly Hop _hop;
    private readonly SemaphoreSlim _room;
    private readonly HashSet<TId> _outstanding = [];
    private readonly Lock _gate = new();
    private long _waits;

    /// <param name="transport">Carries them.</param>
    /// <param name="hop">Where to.</param>
    /// <param name="outstandingMax">The bound, 1 or more.</param>
    public OutstandingPublisher(ITransport transport, Hop hop, int outstandingMax = 100)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(outstandingMax, 1);
        (_transport, _hop, OutstandingMax) = (transport, hop, outstandingMax);
        _room = new SemaphoreSlim(outstandingMax, outstandingMax);
    }

    /// <summary>The bound.</summary>
    public int OutstandingMax { get; }

    /// <summary>Messages published, or being published, that have not ended.</summary>
    public int Outstanding
    {
        get
        {
            lock (_gate)
                return _outstanding.Count;
        }
    }

    /// <summary>How often the bound was waited for.</summary>
    public long Waits => Volatile.Read(ref _waits);

    /// <summary>Waits for room and publishes. What the broker did not take is not outstanding.</summary>
    public async Task<PublishEnding> PublishAsync(TId id, IMessage message, CancellationToken cancellationToken = default)
    {
        if (!IsOutstanding(id))
        {
            if (!_room.Wait(0, CancellationToken.None))
            {
                Interlocked.Increment(ref _waits);
                await _room.WaitAsync(cancellationToken).ConfigureAwait(false);
            }

            // Another publication of the same id may have come first.
            if (!Begin(id))
                _room.Release();
        }

        var ending = await _transport.PublishAsync(_hop, message, null, cancellationToken).ConfigureAwait(false);
        if (ending is PublishEnding.Full or PublishEnding.NoReceiver)
            End(id);
        return ending;
    }

    /// <summary>It ended: there is room for another. Of one that is not outstanding nothing happens.</summary>
    public void End(TId id)
    {
        lock (_gate)
        {
            if (!_outstanding.Remove(id))
                return;
        }

        _room.Release();
    }

    public void Dispose() => _room.Dispose();

    private bool IsOutstanding(TId id)
    {
        lock (_gate)
            return _outstanding.Contains(id);
    }

    private bool Begin(TId id)
    {
        lock (_gate)
            return _outstanding.Add(id);
    }
}
