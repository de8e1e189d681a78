using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Markets.Venues;
using QTrade.Messages.Cluster;
using QTrade.Messages.Routing;
using QTrade.Messages.Wire;
using QTrade.Trading.Cluster;

namespace QTrade.Trading.Tests.Cluster;

public sealed class MarketChangesSpecs
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(2);
    private static readonly SolveOptions Options = new(200, new RouteOptions(8, 3, 32, 0.0001, 0.001, 0.01, 10_000));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void A_snapshot_told_as_changes_over_the_wire_is_the_same_snapshot(int seed)
    {
        var random = new Random(seed);
        SolveSnapshot? given = null;
        var offered = new OfferedSnapshots("optimizer-1");
        for (var number = 1; number <= 40; number++)
        {
            var work = Work(number, RandomMarket(random));
            var offer = OverTheWire(MarketChanges.Tell(given, work, Lease));

            Assert.Null(offered.Take(offer, out var resolved));
            Assert.Equal(work, resolved);
            given = work;
        }

        Assert.Equal(40, offered.Built);
    }

    [Fact]
    public void Only_what_changed_travels()
    {
        var first = Work(1, Whole(10));
        var market = Whole(10);
        var second = Work(2, market with { Pools = market.Pools.SetItem(3, Pool(3, 7)) });

        var offer = MarketChanges.Tell(first, second, Lease);
        Assert.Equal(first.SnapshotId, offer.Base);
        Assert.Equal("pool-3", Assert.Single(offer.Changes.Pools).Id.Value);
        Assert.Equal(["token-3", "token-4"], offer.Changes.Tokens.Select(token => token.Id.Value));
        Assert.Empty(offer.RemovedPools);
    }

    [Fact]
    public void A_snapshot_without_changes_travels_empty()
    {
        var offer = OverTheWire(MarketChanges.Tell(Work(1, Whole(5)), Work(2, Whole(5)), Lease));

        Assert.Empty(offer.Changes.Pools);
        Assert.Equal(Work(2, Whole(5)), MarketChanges.Resolve(Work(1, Whole(5)), offer));
    }

    [Fact]
    public void An_optimizer_that_lacks_the_base_asks_once()
    {
        var offered = new OfferedSnapshots("optimizer-1");
        var offer = MarketChanges.Tell(Work(1, Whole(5)), Work(2, Whole(6)), Lease);

        Assert.Equal(new GetWholeSnapshot("optimizer-1", new SnapshotId(1, 2)), offered.Take(offer, out var work));
        Assert.Null(work);
        Assert.Null(offered.Take(offer, out work));
        Assert.Null(work);
        Assert.Equal(2, offered.Lacking);

        Assert.Null(offered.Take(MarketChanges.Tell(null, Work(2, Whole(6)), Lease), out work));
        Assert.Equal(Work(2, Whole(6)), work);
    }

    [Fact]
    public void The_integer_state_of_a_venue_travels_with_its_pool()
    {
        var first = Work(1, Whole(3));
        var venue = new AmmV4State { Reserve0 = 1_000, Reserve1 = 2_000, FeeNumerator = 25, FeeDenominator = 10_000 };
        var second = Work(2, Whole(3) with { Pools = Whole(3).Pools.SetItem(1, Pool(1, 1) with { Venue = venue }) });

        var resolved = MarketChanges.Resolve(first, OverTheWire(MarketChanges.Tell(first, second, Lease)));
        Assert.Equal(second, resolved);
        Assert.Equal(venue, resolved!.Market.Pools[1].Venue);
        var third = Work(3, Whole(3));
        Assert.Equal(third, MarketChanges.Resolve(second, OverTheWire(MarketChanges.Tell(second, third, Lease))));
    }

    [Fact]
    public void Changes_since_another_snapshot_are_not_taken()
    {
        var offer = MarketChanges.Tell(Work(1, Whole(5)), Work(3, Whole(6)), Lease);

        Assert.Null(MarketChanges.Resolve(Work(2, Whole(5)), offer));
        Assert.Null(MarketChanges.Resolve(null, offer));
    }

    [Fact]
    public void A_market_in_other_units_travels_whole()
    {
        var offer = MarketChanges.Tell(Work(1, Whole(5)), Work(2, Whole(5) with { Units = AmountUnit.Base }), Lease);

        Assert.Null(offer.Base);
    }

    private static SolveSnapshot Work(long number, Market market)
    {
        var id = new SnapshotId(1, number);
        return new SolveSnapshot(id, market with { Name = id.ToString(), Slot = 100 + number }, $"hash-{number}", [.. market.Tokens.Select(token => token.Value)], Options)
        {
            StartTrades = [new(market.Pools[0].Id, [number, 0], [0, 1], 1, 1)],
        };
    }

    private static Market Whole(int pools) => new()
    {
        Name = "sample",
        Tokens = [.. Enumerable.Range(0, pools + 1).Select(token => Token(token, 1)).OrderBy(token => token.Id)],
        Pools = [.. Enumerable.Range(0, pools).Select(pool => Pool(pool, 1)).OrderBy(pool => pool.Id)],
    };

    private static Market RandomMarket(Random random)
    {
        ImmutableArray<Pool> pools =
            [.. Enumerable.Range(0, 12).Where(_ => random.Next(4) > 0).Select(pool => Pool(pool, 1 + random.Next(3))).OrderBy(pool => pool.Id)];
        var named = pools.SelectMany(pool => pool.Tokens).ToHashSet();
        return new Market
        {
            Name = "sample",
            Tokens = [.. Enumerable.Range(0, 13).Select(token => Token(token, 1 + random.Next(2))).Where(token => named.Contains(token.Id)).OrderBy(token => token.Id)],
            Pools = pools,
        };
    }

    private static Token Token(int number, double value) => Sample.Token($"token-{number}", value * 1.1);

    private static Pool Pool(int number, double scale) => Sample.Product($"pool-{number}", $"token-{number}", $"token-{number + 1}", scale / 3, scale * 7);

    private static OfferSnapshot OverTheWire(OfferSnapshot offer)
    {
        var encoded = MessageCodec.Encode(offer);
        Assert.True(MessageCodec.TryDecode(encoded.Manifest, encoded.Version, encoded.Bytes.Span, out var read, out var error), error);
        return Assert.IsType<OfferSnapshot>(read);
    }
}
