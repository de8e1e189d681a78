using QTrade.Markets;
using QTrade.Messages.Cluster;
using QTrade.Messages.Routing;
using QTrade.Trading.Cluster;

namespace QTrade.Trading.Tests.Cluster;

public sealed class SnapshotOffersSpecs
{
    private const string One = "n1.optimizer-1", Two = "n2.optimizer-1";

    private readonly SnapshotOffers _offers = new(TimeSpan.FromSeconds(5));

    [Fact]
    public void An_optimizer_that_does_not_say_that_it_takes_offers_is_sent_whole_snapshots()
    {
        _offers.Hear(new OptimizerReady(One));
        Assert.Equal(Work(1), _offers.Tell(One, Work(1)));
        Assert.Equal(Work(2), _offers.Tell(One, Work(2)));
        Assert.Equal((0L, 2L), (_offers.Changes, _offers.Whole));
    }

    [Fact]
    public void One_that_does_is_told_what_changed_since_its_own_last_snapshot()
    {
        _offers.Hear(new OptimizerReady(One) { TakesOffers = true });
        _offers.Hear(new OptimizerReady(Two) { TakesOffers = true });
        Assert.Null(Offer(One, 1).Base);
        Assert.Null(Offer(Two, 2).Base);
        Assert.Equal(new SnapshotId(1, 1), Offer(One, 3).Base);
        Assert.Equal(new SnapshotId(1, 2), Offer(Two, 4).Base);
        Assert.Equal((2L, 2L), (_offers.Changes, _offers.Whole));
    }

    [Fact]
    public void A_snapshot_that_is_offered_again_to_the_same_one_is_told_whole()
    {
        _offers.Hear(new OptimizerReady(One) { TakesOffers = true });
        Offer(One, 1);
        Offer(One, 2);
        Assert.Null(Offer(One, 2).Base);
    }

    [Fact]
    public void One_that_lacks_the_base_is_told_all_of_what_it_was_given_last_and_of_nothing_else()
    {
        _offers.Hear(new OptimizerReady(One) { TakesOffers = true });
        Offer(One, 1);
        Offer(One, 2);
        var whole = _offers.Tell(new GetWholeSnapshot(One, new SnapshotId(1, 2)));
        Assert.Equal(Work(2), MarketChanges.Resolve(null, whole!));
        Assert.Null(_offers.Tell(new GetWholeSnapshot(One, new SnapshotId(1, 1))));
        Assert.Null(_offers.Tell(new GetWholeSnapshot(Two, new SnapshotId(1, 2))));
        Assert.Equal(3, _offers.Asked);
    }

    [Fact]
    public void What_one_that_is_gone_had_is_forgotten()
    {
        _offers.Hear(new OptimizerReady(One) { TakesOffers = true });
        Offer(One, 1);
        _offers.Gone(name => name == One);
        _offers.Hear(new OptimizerReady(One) { TakesOffers = true });
        Assert.Null(Offer(One, 2).Base);
    }

    private OfferSnapshot Offer(string optimizer, long number) => Assert.IsType<OfferSnapshot>(_offers.Tell(optimizer, Work(number)));

    private static SolveSnapshot Work(long number)
    {
        var id = new SnapshotId(1, number);
        var market = new Market
        {
            Name = id.ToString(),
            Slot = number,
            Tokens = [Sample.Token("a", 1), Sample.Token("b", 2)],
            Pools = [Sample.Product("ab", "a", "b", 100 + number, 200)],
        };
        return new SolveSnapshot(id, market, $"hash-{number}", [], new SolveOptions(200, new RouteOptions(8, 3, 32, 0.0001, 0.001, 0.01, 10_000)));
    }
}
