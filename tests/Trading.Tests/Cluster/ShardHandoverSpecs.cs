using QTrade.Messages.Cluster;
using QTrade.Trading.Cluster;
using static QTrade.Trading.Tests.Cluster.ClusterSample;

namespace QTrade.Trading.Tests.Cluster;

public sealed class ShardHandoverSpecs
{
    private static readonly TimeSpan Listened = Start + ClusterTiming.ListenFirst;

    [Fact]
    public void A_node_listens_before_it_takes_anything()
    {
        var shards = new ShardHandover("a", Start);

        Assert.Empty(shards.Look(new ClusterView(), Listened - TimeSpan.FromMilliseconds(1)));
        Assert.Equal(ShardSet.ShardCount, shards.Look(new ClusterView(), Listened).Length);
        Assert.Equal(ShardSet.All, shards.Held);
    }

    [Fact]
    public void A_shard_that_another_node_holds_is_taken_once_that_one_released_it()
    {
        var shards = new ShardHandover("a", Start);
        var view = View(Node("b", 1, held: ShardSet.All));

        Assert.Empty(shards.Look(view, Listened));
        var mine = Shards.Of("a", ["a", "b"]);
        view.Hear(Node("b", 2, held: ShardSet.All.Except(mine)), Listened);
        var orders = shards.Look(view, Listened);

        Assert.Equal(mine.ToImmutableArray(), orders.Select(order => order.Shard));
        Assert.All(orders, order => Assert.Equal(ShardOrderKind.Consume, order.Kind));
    }

    [Fact]
    public void A_node_that_is_gone_holds_nothing_up()
    {
        var shards = new ShardHandover("a", Start);
        var view = View(Node("b", 1, held: ShardSet.All));
        view.Look(After(1500));

        shards.Look(view, Listened);
        Assert.Equal(ShardSet.All, shards.Held);
    }

    [Fact]
    public void A_shard_given_to_another_is_finished_before_it_is_released()
    {
        var shards = new ShardHandover("a", Start);
        var view = new ClusterView();
        shards.Look(view, Listened);
        view.Hear(Node("b"), Listened);
        var theirs = Shards.Of("b", ["a", "b"]);
        var first = theirs.ToImmutableArray()[0];

        var orders = shards.Look(view, Listened);
        Assert.Equal(theirs.ToImmutableArray().Select(shard => new ShardOrder(shard, ShardOrderKind.Drain)), orders);
        Assert.Equal(ShardSet.All, shards.Held);
        Assert.Empty(shards.Look(view, Listened));

        shards.Drained(first);
        Assert.Equal(ShardSet.All.Without(first), shards.Held);
        Assert.Equal(new ShardSet().With(first), shards.Released);
        Assert.Equal(1, shards.HandedOver);
    }

    [Fact]
    public void A_shard_that_comes_back_while_it_is_drained_is_released_first()
    {
        var shards = new ShardHandover("a", Start);
        var view = new ClusterView();
        shards.Look(view, Listened);
        view.Hear(Node("b"), Listened);
        shards.Look(view, Listened);
        view.Look(Listened + ClusterTiming.GoneAfter);
        var theirs = Shards.Of("b", ["a", "b"]).ToImmutableArray();

        Assert.Empty(shards.Look(view, Listened + ClusterTiming.GoneAfter));
        shards.Drained(theirs[0]);
        Assert.Equal([new ShardOrder(theirs[0], ShardOrderKind.Consume)], shards.Look(view, Listened + ClusterTiming.GoneAfter).AsEnumerable());
        Assert.False(shards.Released.Contains(theirs[0]));
    }

    [Fact]
    public void A_shard_whose_append_was_refused_is_dropped_and_left_alone_for_a_while()
    {
        var shards = new ShardHandover("a", Start);
        var view = new ClusterView();
        shards.Look(view, Listened);

        Assert.Equal(new ShardOrder(5, ShardOrderKind.Drop), shards.Refused(5, Listened));
        Assert.Null(shards.Refused(5, Listened));
        Assert.Empty(shards.Look(view, Listened + ShardHandover.DroppedFor - TimeSpan.FromMilliseconds(1)));
        Assert.Equal([new ShardOrder(5, ShardOrderKind.Consume)], shards.Look(view, Listened + ShardHandover.DroppedFor).AsEnumerable());
        Assert.Equal(1, shards.Dropped);
    }

    [Fact]
    public void A_leaving_node_drains_everything_and_has_left_when_it_holds_nothing()
    {
        var shards = new ShardHandover("a", Start);
        var view = new ClusterView();
        shards.Look(view, Listened);
        shards.Leave();

        Assert.Equal(ShardSet.ShardCount, shards.Look(view, Listened).Count(order => order.Kind == ShardOrderKind.Drain));
        Assert.False(shards.HasLeft);
        for (var shard = 0; shard < ShardSet.ShardCount; shard++)
            shards.Drained(shard);
        Assert.True(shards.HasLeft);
        Assert.Empty(shards.Look(view, Listened));
    }
}
