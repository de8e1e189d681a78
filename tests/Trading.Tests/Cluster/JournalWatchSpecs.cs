using QTrade.Messages.Cluster;
using QTrade.Trading.Cluster;
using static QTrade.Trading.Tests.Cluster.ClusterSample;

namespace QTrade.Trading.Tests.Cluster;

public sealed class JournalWatchSpecs
{
    [Fact]
    public void A_node_stands_aside_once_its_journal_was_broken_for_long_enough_and_stands_in_when_that_writes()
    {
        var watch = new JournalWatch();
        Assert.False(watch.Look(isBroken: true, Start));
        Assert.False(watch.Look(isBroken: true, After(2999)));
        Assert.False(watch.IsAside);
        Assert.True(watch.Look(isBroken: true, After(3000)));
        Assert.True(watch.IsAside);
        Assert.False(watch.Look(isBroken: true, After(60_000)));
        Assert.True(watch.Look(isBroken: false, After(60_001)));
        Assert.False(watch.IsAside);
        Assert.Equal(1, watch.StoodAside);
    }

    [Fact]
    public void A_journal_that_wrote_in_between_has_not_been_broken_for_long()
    {
        var watch = new JournalWatch();
        watch.Look(isBroken: true, Start);
        Assert.False(watch.Look(isBroken: false, After(2000)));
        watch.Look(isBroken: true, After(2250));
        Assert.False(watch.Look(isBroken: true, After(5000)));
        Assert.True(watch.Look(isBroken: true, After(5250)));
    }

    [Fact]
    public void A_journal_is_tried_once_a_second_while_it_is_broken_and_not_otherwise()
    {
        var watch = new JournalWatch();
        watch.Look(isBroken: false, Start);
        Assert.False(watch.IsTrialDue(Start));
        watch.Look(isBroken: true, Start);
        Assert.True(watch.IsTrialDue(Start));
        Assert.False(watch.IsTrialDue(After(999)));
        Assert.True(watch.IsTrialDue(After(1000)));
        watch.Look(isBroken: false, After(1001));
        Assert.False(watch.IsTrialDue(After(3000)));
    }

    [Fact]
    public void A_node_that_stands_aside_drops_its_shards_at_once_and_takes_none_before_it_stands_in()
    {
        var (shards, view) = (new ShardHandover("a", Start), new ClusterView());
        var listened = Start + ClusterTiming.ListenFirst;
        shards.Look(view, listened);

        var orders = shards.StandAside();
        Assert.Equal(ShardSet.All.ToImmutableArray().Select(shard => new ShardOrder(shard, ShardOrderKind.Drop)), orders);
        Assert.True(shards.Held.IsEmpty);
        Assert.Empty(shards.Look(view, listened));
        shards.StandIn();
        Assert.Equal(ShardSet.ShardCount, shards.Look(view, listened).Length);
    }
}
