using QTrade.Actors;
using QTrade.Broker;
using QTrade.Markets;
using QTrade.Messages;
using QTrade.Messages.Cluster;
using QTrade.Messages.Pools;
using QTrade.Messages.Routing;
using QTrade.Messages.Wire;
using QTrade.Node.Cluster;
using QTrade.Node.Tests.Actors;

namespace QTrade.Node.Tests.Cluster;

/// <summary>What a node tells the others of the market.</summary>
public sealed class MarketPublisherSpecs : IDisposable
{
    private readonly ActorBench _bench = new();
    private readonly Told _told = new();
    private readonly ActorRef<IMarketMessage> _publisher;

    public MarketPublisherSpecs() =>
        _publisher = _bench.System.Spawn(new Props<IMarketMessage>(() => new MarketPublisher(new ClusterLink { Transport = _told, Roles = NodeRoles.Feed, Incarnation = 1, Version = "0" })), "market");

    [Fact]
    public void What_a_feed_vouched_for_is_taken_back_when_it_ends_whatever_it_still_says()
    {
        var taken = new TrustFrom(null, ulong.MaxValue) { Term = 2, Number = long.MaxValue };
        Say(new TrustFrom(null, 5) { Term = 2, Number = 3 });
        _publisher.Tell(new TrustForgotten());
        _bench.Run(TimeSpan.FromSeconds(1));
        Assert.Equal(taken, _told.Trusts[^1]);

        Say(new TrustFrom(null, 7) { Term = 2, Number = 4 });
        Say(new TrustFrom(new("p"), 7) { Term = 2, Number = 5 });
        _told.Trusts.Clear();
        _publisher.Tell(new MarketAsked());
        _bench.Run(TimeSpan.FromSeconds(1));
        Assert.Equal([taken], _told.Trusts);

        Say(new TrustFrom(null, 9) { Term = 4, Number = 1 });
        Assert.Equal(new TrustFrom(null, 9) { Term = 4, Number = 1 }, _told.Trusts[^1]);
    }

    /// <summary>A pool of much liquidity takes kilobytes, and a broker refuses a message beyond some megabytes for ever.</summary>
    [Theory]
    [InlineData(5_000, 2, MarketPublisher.ChangesMax)]
    [InlineData(500, 5_000, 110)]
    public void A_whole_market_is_told_in_bounded_batches_that_follow_each_other(int pools, int reserves, int changesMax)
    {
        for (var pool = 0; pool < pools; pool++)
            _publisher.Tell(new MarketSaid(new ReservesChanged(new PoolId($"p{pool}"), 1, [.. Enumerable.Repeat(1e9, reserves)], new PositionVector(new ChainPosition(1, 1)))));
        Say(new TrustFrom(null, 5));
        _told.Batches.Clear();
        _publisher.Tell(new MarketAsked());
        _bench.Run(TimeSpan.FromSeconds(1));

        Assert.Equal(pools + 1, _told.Batches.Sum(batch => batch.Changes.Length));
        Assert.All(_told.Batches, batch => Assert.InRange(batch.Changes.Length, 1, changesMax));
        Assert.Equal([true, .. Enumerable.Repeat(false, _told.Batches.Count - 1)], _told.Batches.Select(batch => batch.IsWhole));
        Assert.Equal(Enumerable.Range(0, _told.Batches.Count).Select(i => _told.Batches[0].Number + i), _told.Batches.Select(batch => batch.Number));
        // What is vouched for is said last.
        Assert.IsType<TrustFrom>(Told.Decode(_told.Batches[^1].Changes[^1]));
    }

    public void Dispose() => _bench.Dispose();

    private void Say(TrustFrom trust)
    {
        _publisher.Tell(new MarketSaid(trust));
        _bench.Run(TimeSpan.FromSeconds(1));
    }

    private sealed class Told : ITransport
    {
        public List<TrustFrom> Trusts { get; } = [];

        public List<MarketBatch> Batches { get; } = [];

        public string Node => "n1";

        public TransportStatus Status { get; } = new() { Connected = true, Broker = "in process" };

        public Task<PublishEnding> PublishAsync(Hop to, EncodedMessage message, TraceContext? trace = null, CancellationToken cancellationToken = default)
        {
            Batches.Add(Assert.IsType<MarketBatch>(Decode(message)));
            foreach (var change in Batches[^1].Changes)
            {
                if (Decode(change) is TrustFrom trust)
                    Trusts.Add(trust);
            }

            return Task.FromResult(PublishEnding.Confirmed);
        }

        public Task<ISubscription> SubscribeAsync(Hop from, int unendedMax, Action<Delivery> handle, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException("nothing is delivered here");

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        public static IMessage Decode(EncodedMessage message) =>
            MessageCodec.TryDecode(message.Manifest, message.Version, message.Bytes.Span, out var content, out var error) ? content : throw new InvalidOperationException(error);
    }
}
