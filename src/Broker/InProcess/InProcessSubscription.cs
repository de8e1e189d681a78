using System.Threading.Channels;

namespace QTrade.Broker.InProcess;

/// <summary>One consumer of a queue, with a loop of its own that handles one delivery after the other.</summary>
internal sealed class InProcessSubscription : ISubscription
{
    private readonly InProcessBroker _broker;
    private readonly Handling _handling;
    private readonly TransportCounters _counters;
    private readonly int _heldMax;

    // Bounded by _heldMax: nothing is taken beyond it.
    private readonly Channel<StoredMessage> _taken = Channel.CreateUnbounded<StoredMessage>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task _handled;
    private bool _left;

    public InProcessSubscription(InProcessBroker broker, string node, long number, Hop hop, int heldMax, Handling handling, TransportCounters counters)
    {
        (_broker, Node, Number, Hop, _heldMax, _handling, _counters) = (broker, node, number, hop, heldMax, handling, counters);
        broker.Join(this);
        _handled = broker.Time is null ? Task.Run(HandleAsync) : Task.CompletedTask;
    }

    public string Node { get; }

    public long Number { get; }

    public Hop Hop { get; }

    public MessageQueue Queue { get; set; } = null!;

    /// <summary>What was delivered and is not ended, in order. Used inside the broker's gate.</summary>
    public List<StoredMessage> Held { get; } = [];

    public int Unended => _broker.CountUnended(this);

    public Task CancelAsync()
    {
        if (!_left)
            _broker.Leave(this);
        _left = true;
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await CancelAsync().ConfigureAwait(false);
        _taken.Writer.TryComplete();
        _broker.ReturnAll(this);
        await _handled.ConfigureAwait(false);
    }

    /// <summary>Takes a message unless it holds as many as it may. Called inside the broker's gate.</summary>
    public bool TryTake(StoredMessage message)
    {
        if (Held.Count >= _heldMax)
            return false;
        Held.Add(message);
        if (_broker.Time is not { } time)
            return _taken.Writer.TryWrite(message);
        // Its timer ends with it.
        _ = time.CreateTimer(_ => Handle(message), null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        return true;
    }

    private async Task HandleAsync()
    {
        await foreach (var message in _taken.Reader.ReadAllAsync().ConfigureAwait(false))
            Handle(message);
    }

    private void Handle(StoredMessage message)
    {
        if (!_broker.Holds(this, message))
            return;
        if (Hop.Kind == HopKind.Quorum && message.Returns >= Handling.DeliveriesMax)
        {
            _handling.Show(message.Message, message.From, message.Trace);
            _counters.Add(TransportCounters.Count.Renewed);
            _counters.Add(TransportCounters.Count.Acked);
            _broker.Renew(this, message);
            return;
        }

        _handling.Receive(message.Message, message.From, message.Redelivered, message.Trace, (ending, _) =>
        {
            if (ending == DeliveryEnding.Acked)
                _counters.Add(TransportCounters.Count.Acked);
            _broker.End(this, message, ending);
        });
    }
}
