using QTrade.Actors;
using QTrade.Broker;
using QTrade.Broker.InProcess;
using QTrade.Messages.Cluster;
using QTrade.Messages.Routing;
using QTrade.Messages.Wire;
using QTrade.Node.Cluster;
using QTrade.Node.Tests.Actors;
using QTrade.Shared.Actors;

namespace QTrade.Node.Tests.Cluster;

/// <summary>What a node takes of the batches of others.</summary>
public sealed class MarketListenerSpecs : IDisposable
{
    private readonly ActorBench _bench = new();
    private readonly TestProbe<ISenderMessage> _asked;
    private readonly ActorRef<IMarketMessage> _listener;
    private readonly InProcessTransport _other;
    private readonly InProcessTransport _own;
    private readonly List<ulong> _told = [];

    public MarketListenerSpecs()
    {
        var broker = new InProcessBroker(_bench.Scheduler.Time);
        (_other, _own) = (new InProcessTransport(broker, "other"), new InProcessTransport(broker, "own"));
        _asked = new TestProbe<ISenderMessage>(_bench.System, "asked");
        var listener = _listener = _bench.System.Spawn(new Props<IMarketMessage>(() => new MarketListener(_asked.Ref)), "listener");
        _listener.Tell(new MarketTarget("spec", (change, _) => _told.Add(((SlotObserved)change).Slot)));
        _ = _own.SubscribeAsync(Hop.Market, 100, delivery => listener.Tell(new MarketDelivered(delivery)));
        _bench.Run();
    }

    /// <summary>As of a node of a newer version: what it tells of everything else is heard, and it is not asked for all of it again and again.</summary>
    [Fact]
    public void A_change_that_cannot_be_read_takes_no_other_with_it_and_is_kept_for_a_person()
    {
        Publish(1, Slot(1), new EncodedMessage("from.the.future", 9, new byte[] { 1 }), Slot(2));
        Publish(2, Slot(3));
        Assert.Equal([1ul, 2ul, 3ul], _told);
        Assert.Equal(1, _own.Status.Poisoned);
        Assert.Equal([new GetMarketState("")], _asked.Received.OfType<SendOver>().Select(asked => asked.Message));

        Publish(4, Slot(4));
        Assert.Equal(new GetMarketState("other"), _asked.Received.OfType<SendOver>().Last().Message);
    }

    public void Dispose() => _bench.Dispose();

    private static EncodedMessage Slot(ulong slot) => MessageCodec.Encode(new SlotObserved(slot));

    private void Publish(long number, params EncodedMessage[] changes)
    {
        _ = _other.PublishAsync(Hop.Market, new MarketBatch("other", 5, number, false, [.. changes]));
        _bench.Run();
    }
}
