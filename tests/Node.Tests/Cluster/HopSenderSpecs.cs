using QTrade.Actors;
using QTrade.Broker;
using QTrade.Messages;
using QTrade.Messages.Execution;
using QTrade.Messages.Wire;
using QTrade.Node.Cluster;
using QTrade.Node.Tests.Actors;

namespace QTrade.Node.Tests.Cluster;

/// <summary>What a node says to others while the broker does not take everything.</summary>
public sealed class HopSenderSpecs : IDisposable
{
    private static readonly Operator Somebody = new("somebody", "127.0.0.1");

    private readonly ActorBench _bench = new();
    private readonly Taker _broker = new();
    private readonly ActorRef<ISenderMessage> _sender;

    public HopSenderSpecs() => _sender = _bench.System.Spawn(new Props<ISenderMessage>(() => new HopSender(_broker, _bench.Metrics)), "sender");

    [Fact]
    public void A_resumption_that_the_broker_did_not_take_at_once_does_not_come_behind_the_halt_that_was_ordered_after_it()
    {
        _broker.Endings.Enqueue(PublishEnding.Full);
        Order(TradingState.Active);
        _bench.Run();
        Order(TradingState.Halted);
        _bench.Run(TimeSpan.FromSeconds(5));
        // Either it was given up, or it comes in its place: the last that the executor hears is the halt.
        Assert.Equal(TradingState.Halted, Assert.IsType<SetTradingState>(_broker.Taken[^1]).State);
    }

    public void Dispose() => _bench.Dispose();

    private void Order(TradingState state) => _sender.Tell(new SendOver(
        Hop.Results, new SetTradingState(state, ReasonCode.Operator, "", _bench.Scheduler.Time.GetUtcNow()) { By = Somebody }) { MustArrive = true });

    /// <summary>Ends publications as the spec says, and takes what it says nothing of.</summary>
    private sealed class Taker : ITransport
    {
        public Queue<PublishEnding> Endings { get; } = [];

        public List<IMessage> Taken { get; } = [];

        public string Node => "n1";

        public TransportStatus Status { get; } = new() { Connected = true, Broker = "in process" };

        public Task<PublishEnding> PublishAsync(Hop to, EncodedMessage message, TraceContext? trace = null, CancellationToken cancellationToken = default)
        {
            if (!Endings.TryDequeue(out var ending))
                ending = PublishEnding.Confirmed;
            if (ending == PublishEnding.Confirmed)
                Taken.Add(MessageCodec.TryDecode(message.Manifest, message.Version, message.Bytes.Span, out var content, out var error) ? content : throw new InvalidOperationException(error));
            return Task.FromResult(ending);
        }

        public Task<ISubscription> SubscribeAsync(Hop from, int unendedMax, Action<Delivery> handle, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException("nothing is delivered here");

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
