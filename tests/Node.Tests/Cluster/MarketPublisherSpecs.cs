using System.Collections.Immutable;
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
    private const int Pools = 500;
    private const int RoundsMax = 16;

    private static readonly ImmutableArray<double> Reserves = [.. Enumerable.Repeat(1e9, 5_000)];

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

    [Fact]
    public void However_much_moves_everything_takes_its_turn_and_what_may_not_be_traded_comes_first()
    {
        var withdrawn = new TrustFrom(new PoolId("p7"), ulong.MaxValue) { Term = 1, Number = 1 };
        _told.Published = batches =>
        {
            if (batches == 3)
            {
                _publisher.Tell(new MarketSaid(new SlotObserved(9)));
                _publisher.Tell(new MarketSaid(withdrawn));
            }

            if (batches < RoundsMax)
                Move(batches + 1);
        };
        Move(sequence: 1);
        _bench.Run(TimeSpan.FromSeconds(1));

        Assert.Equal(Pools, PoolsOf(_told.Batches.Take(RoundsMax)).Count);
        var first = _told.Batches.FindIndex(batch => batch.Changes.Any(change => Told.Decode(change) is SlotObserved));
        Assert.InRange(first, 3, 4);
        Assert.Equal([new SlotObserved(9), withdrawn], _told.Batches[first].Changes.Take(2).Select(Told.Decode));
    }

    [Fact]
    public void Batches_that_are_not_confirmed_and_questions_meanwhile_keep_nothing_from_being_told_in_its_turn()
    {
        _told.Ends = batch => batch % 2 == 0 && batch < RoundsMax ? PublishEnding.Unknown : PublishEnding.Confirmed;
        _told.Published = batches =>
        {
            if (batches < RoundsMax)
                _publisher.Tell(new MarketAsked());
        };
        Move(sequence: 1);
        _publisher.Tell(new MarketSaid(new TrustFrom(new PoolId("p7"), 6) { Term = 1, Number = 1 }));
        _publisher.Tell(new MarketSaid(new TrustFrom(null, 5) { Term = 1, Number = 2 }));
        _bench.Run(TimeSpan.FromSeconds(1));

        var confirmed = _told.Batches.Take(RoundsMax).Where((_, batch) => (batch + 1) % 2 == 1).ToList();
        var vouched = confirmed.FindIndex(batch => batch.Changes.Any(change => Told.Decode(change) is TrustFrom { Pool: null }));
        Assert.InRange(vouched, 0, RoundsMax);
        Assert.Equal(Pools, PoolsOf(confirmed.Take(vouched + 1)).Count);
    }

    [Fact]
    public void What_is_vouched_for_of_all_is_told_with_what_it_does_not_hold_for()
    {
        TrustFrom[] trusts =
        [
            new(new PoolId("p1"), ulong.MaxValue) { Term = 1, Number = 1 }, new(new PoolId("p2"), 7) { Term = 1, Number = 2 }, new(null, 5) { Term = 1, Number = 3 },
        ];
        foreach (var trust in trusts)
            Say(trust);
        Assert.Equal(trusts, _told.Batches[^1].Changes.Select(Told.Decode));
    }

    [Fact]
    public void What_was_vouched_for_in_a_batch_that_was_not_confirmed_does_not_overtake_what_is_vouched_for_since()
    {
        _told.Ends = batch => batch == 1 ? PublishEnding.Unknown : PublishEnding.Confirmed;
        _told.Published = batches =>
        {
            if (batches == 1)
            {
                _publisher.Tell(new MarketSaid(Moved("p1")));
                _publisher.Tell(new MarketSaid(new TrustFrom(null, 6) { Term = 1, Number = 2 }));
            }
        };
        Say(new TrustFrom(null, 5) { Term = 1, Number = 1 });

        Assert.Equal([nameof(ReservesChanged), nameof(TrustFrom)], _told.Batches[1].Changes.Select(change => Told.Decode(change).GetType().Name));
        Assert.Equal(6ul, _told.Trusts[^1].Slot);
    }

    [Fact]
    public void What_is_forgotten_while_its_batch_is_under_way_is_not_told_again()
    {
        _told.Ends = batch => batch == 1 ? PublishEnding.Unknown : PublishEnding.Confirmed;
        _told.Published = batches =>
        {
            if (batches == 1)
                _publisher.Tell(new MarketForgotten(new PoolId("p1")));
        };
        _publisher.Tell(new MarketSaid(Moved("p1")));
        _bench.Run(TimeSpan.FromSeconds(1));
        _publisher.Tell(new MarketSaid(new SlotObserved(9)));
        _bench.Run(TimeSpan.FromSeconds(1));

        Assert.Equal([1L, 2L, 3L], _told.Batches.Select(batch => batch.Number));
        Assert.Equal([new SlotObserved(9)], _told.Batches.Skip(1).SelectMany(batch => batch.Changes).Select(Told.Decode));
    }

    public void Dispose() => _bench.Dispose();

    private static ReservesChanged Moved(string pool) => new(new PoolId(pool), 1, [1e9, 1e9], new PositionVector(new ChainPosition(1, 1)));

    /// <summary>Of kilobytes each: a batch holds about a fifth of them.</summary>
    private void Move(int sequence)
    {
        for (var pool = 0; pool < Pools; pool++)
            _publisher.Tell(new MarketSaid(new ReservesChanged(new PoolId($"p{pool}"), sequence, Reserves, new PositionVector(new ChainPosition(1, (uint)sequence)))));
    }

    private static HashSet<PoolId> PoolsOf(IEnumerable<MarketBatch> batches) =>
        [.. batches.SelectMany(batch => batch.Changes).Select(Told.Decode).OfType<ReservesChanged>().Select(changed => changed.PoolId)];

    private void Say(TrustFrom trust)
    {
        _publisher.Tell(new MarketSaid(trust));
        _bench.Run(TimeSpan.FromSeconds(1));
    }

    private sealed class Told : ITransport
    {
        public List<TrustFrom> Trusts { get; } = [];

        public List<MarketBatch> Batches { get; } = [];

        /// <summary>How the so many-th batch ends, from 1.</summary>
        public Func<int, PublishEnding> Ends { get; set; } = _ => PublishEnding.Confirmed;

        /// <summary>Is told how many batches were published.</summary>
        public Action<int> Published { get; set; } = _ => { };

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

            Published(Batches.Count);
            return Task.FromResult(Ends(Batches.Count));
        }

        public Task<ISubscription> SubscribeAsync(Hop from, int unendedMax, Action<Delivery> handle, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException("nothing is delivered here");

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        public static IMessage Decode(EncodedMessage message) =>
            MessageCodec.TryDecode(message.Manifest, message.Version, message.Bytes.Span, out var content, out var error) ? content : throw new InvalidOperationException(error);
    }
}
