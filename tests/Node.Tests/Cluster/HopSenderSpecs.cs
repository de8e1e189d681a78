using QTrade.Actors;
using QTrade.Broker;
using QTrade.Messages;
using QTrade.Messages.Cluster;
using QTrade.Messages.Execution;
using QTrade.Messages.Routing;
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
    private readonly List<PublishEnding> _endings = [];
    private readonly ActorRef<ISenderMessage> _sender;

    public HopSenderSpecs() => _sender = _bench.System.Spawn(new Props<ISenderMessage>(() => new HopSender(_broker, _bench.Metrics)), "sender");

    [Fact]
    public void What_is_tried_for_a_while_only_is_given_up_then_and_what_must_arrive_is_not()
    {
        for (var i = 0; i < 100; i++)
            _broker.Endings.Enqueue(PublishEnding.Full);
        Order(TradingState.Active, TimeSpan.FromSeconds(5));
        Order(TradingState.Halted, null);
        _bench.Run(TimeSpan.FromSeconds(30));

        Assert.Equal(TradingState.Halted, Assert.IsType<SetTradingState>(Assert.Single(_broker.Taken)).State);
        Assert.Equal([PublishEnding.Full, PublishEnding.Confirmed], _endings);
    }

    [Fact]
    public void What_was_given_up_may_have_arrived_if_a_try_of_it_ended_without_a_word()
    {
        _broker.Endings.Enqueue(PublishEnding.Unknown);
        for (var i = 0; i < 100; i++)
            _broker.Endings.Enqueue(PublishEnding.Full);
        Order(TradingState.Active, TimeSpan.FromSeconds(5));
        _bench.Run(TimeSpan.FromSeconds(30));

        Assert.Equal([PublishEnding.Unknown], _endings);
    }

    [Fact]
    public void What_is_tried_for_a_while_arrives_where_the_broker_takes_it_meanwhile()
    {
        _broker.Endings.Enqueue(PublishEnding.Full);
        Order(TradingState.Active, TimeSpan.FromSeconds(5));
        _bench.Run(TimeSpan.FromSeconds(5));

        Assert.Equal(TradingState.Active, Assert.IsType<SetTradingState>(Assert.Single(_broker.Taken)).State);
        Assert.Equal([PublishEnding.Confirmed], _endings);
    }

    [Fact]
    public void A_clock_that_goes_on_while_something_is_sent_leaves_it_the_time_that_it_was_found_to_have()
    {
        var readings = 0;
        _bench.Scheduler.ClockError = () => TimeSpan.FromSeconds(1) * readings++;
        Order(TradingState.Active, TimeSpan.FromSeconds(1.5));
        _bench.Run(TimeSpan.FromSeconds(30));

        Assert.Equal([PublishEnding.Confirmed], _endings);
    }

    [Fact]
    public void What_is_tried_again_does_not_replace_what_came_since()
    {
        _broker.Endings.Enqueue(PublishEnding.Full);
        Observe(1);
        _bench.Run(TimeSpan.FromMilliseconds(100));
        // The newer one waits behind what the broker has not confirmed.
        _broker.Holds = () => Task.Delay(TimeSpan.FromSeconds(2), _bench.Scheduler.Time);
        for (var i = 0; i < HopSender.UnconfirmedMax; i++)
            _sender.Tell(new SendOver(Hop.Nodes, new GetMarketState($"n{i}")));
        Observe(2);
        _bench.Run(TimeSpan.FromSeconds(1));
        _broker.Holds = null;
        _bench.Run(TimeSpan.FromSeconds(3));

        Assert.Equal([new SlotObserved(2)], _broker.Taken.OfType<SlotObserved>());
    }

    [Fact]
    public void Of_two_that_are_tried_again_the_newer_one_arrives()
    {
        _broker.Endings.Enqueue(PublishEnding.Full);
        _broker.Endings.Enqueue(PublishEnding.Full);
        Observe(1);
        Observe(2);
        _bench.Run(TimeSpan.FromMilliseconds(100));
        // Both wait behind what the broker has not confirmed, the older one first.
        _broker.Holds = () => Task.Delay(TimeSpan.FromSeconds(2), _bench.Scheduler.Time);
        for (var i = 0; i < HopSender.UnconfirmedMax; i++)
            _sender.Tell(new SendOver(Hop.Nodes, new GetMarketState($"n{i}")));
        _bench.Run(TimeSpan.FromSeconds(1));
        _broker.Holds = null;
        _bench.Run(TimeSpan.FromSeconds(3));

        Assert.Equal([new SlotObserved(2)], _broker.Taken.OfType<SlotObserved>());
    }

    public void Dispose() => _bench.Dispose();

    private void Observe(ulong slot) => _sender.Tell(new SendOver(Hop.Market, new SlotObserved(slot)) { Key = "slot", MustArrive = true });

    private void Order(TradingState state, TimeSpan? triedFor)
    {
        var now = _bench.Scheduler.Time.GetUtcNow();
        _sender.Tell(new SendOver(Hop.Results, new SetTradingState(state, ReasonCode.Operator, "", now) { By = Somebody })
        {
            MustArrive = triedFor is null,
            Until = now + triedFor,
            Ended = _endings.Add,
        });
    }

    /// <summary>Ends publications as the spec says, and takes what it says nothing of.</summary>
    private sealed class Taker : ITransport
    {
        public Queue<PublishEnding> Endings { get; } = [];

        public List<IMessage> Taken { get; } = [];

        /// <summary>Nothing is confirmed before this ends; null for at once.</summary>
        public Func<Task>? Holds { get; set; }

        public string Node => "n1";

        public TransportStatus Status { get; } = new() { Connected = true, Broker = "in process" };

        public async Task<PublishEnding> PublishAsync(Hop to, EncodedMessage message, TraceContext? trace = null, CancellationToken cancellationToken = default)
        {
            if (Holds is { } held)
                await held();
            if (!Endings.TryDequeue(out var ending))
                ending = PublishEnding.Confirmed;
            if (ending == PublishEnding.Confirmed)
                Taken.Add(MessageCodec.TryDecode(message.Manifest, message.Version, message.Bytes.Span, out var content, out var error) ? content : throw new InvalidOperationException(error));
            return ending;
        }

        public Task<ISubscription> SubscribeAsync(Hop from, int unendedMax, Action<Delivery> handle, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException("nothing is delivered here");

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
