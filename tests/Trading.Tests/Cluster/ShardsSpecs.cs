using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using QTrade.Markets;
using QTrade.Messages.Cluster;
using QTrade.Trading.Cluster;

namespace QTrade.Trading.Tests.Cluster;

public sealed class ShardsSpecs
{
    private static readonly Gen<ImmutableArray<string>> Clusters =
        Gen.Choose(1, 1000).NonEmptyListOf().Select(numbers => numbers.Distinct().Take(12).Select(number => $"node-{number}").ToImmutableArray());

    // Queues and journals outlive programs: these never change. Found by another implementation of the same hash.
    [Theory]
    [InlineData("", 27)]
    [InlineData("a", 56)]
    [InlineData("whirlpool-1", 5)]
    [InlineData("HJPjoWUrhoRzkNfRpHuieeFk9WcZWjwy6PBjZ81ngndJ", 33)]
    [InlineData("é", 30)]
    public void A_pool_is_in_the_same_shard_for_ever(string pool, int shard) => Assert.Equal(shard, Shards.Of(new PoolId(pool)));

    [Fact]
    public void Three_nodes_are_given_the_same_shards_for_ever() => Assert.Equal(
        [
            "5 8-9 11 14-15 19 25 28 30 32 34 40 43-44 46 49 54 59 62",
            "1-3 6-7 10 12 17 20-21 23 27 31 38 41 45 47 50 52-53 57-58 63",
            "0 4 13 16 18 22 24 26 29 33 35-37 39 42 48 51 55-56 60-61",
        ],
        new[] { "node-1", "node-2", "node-3" }.Select(node => Shards.Of(node, ["node-1", "node-2", "node-3"]).ToString()));

    [Fact]
    public void Every_shard_has_one_owner_whatever_the_order_of_the_nodes() => Prop.ForAll(Clusters.ToArbitrary(), nodes =>
    {
        var shuffled = nodes.Reverse().ToImmutableArray();
        var given = nodes.Select(node => Shards.Of(node, shuffled)).ToList();
        return given.Sum(set => set.Count) == ShardSet.ShardCount
            && given.Aggregate((one, other) => one.Union(other)) == ShardSet.All
            && Enumerable.Range(0, ShardSet.ShardCount).All(shard => Shards.OwnerOf(shard, nodes) == Shards.OwnerOf(shard, shuffled));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Fact]
    public void A_node_that_comes_takes_what_it_wins_and_moves_nothing_between_others() => Prop.ForAll(Clusters.ToArbitrary(), nodes =>
    {
        var more = nodes.Add("newcomer");
        return Enumerable.Range(0, ShardSet.ShardCount).All(shard =>
            Shards.OwnerOf(shard, more) is var owner && (owner == "newcomer" || owner == Shards.OwnerOf(shard, nodes)));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Fact]
    public void Shards_spread_over_the_nodes()
    {
        ImmutableArray<string> nodes = ["node-1", "node-2", "node-3", "node-4"];

        Assert.All(nodes, node => Assert.InRange(Shards.Of(node, nodes).Count, 8, 26));
    }

    [Fact]
    public void Pools_spread_over_the_shards()
    {
        var counts = new int[ShardSet.ShardCount];
        for (var pool = 0; pool < 64_000; pool++)
            counts[Shards.Of(new PoolId($"pool-{pool}"))]++;

        Assert.All(counts, count => Assert.InRange(count, 850, 1150));
    }

    [Fact]
    public void Without_nodes_nobody_owns_a_shard() => Assert.Null(Shards.OwnerOf(0, []));

    [Fact]
    public void A_set_of_shards_is_told_in_runs()
    {
        var set = new[] { 0, 1, 2, 7, 62, 63 }.Aggregate(new ShardSet(), (set, shard) => set.With(shard));

        Assert.Equal("0-2 7 62-63", set.ToString());
        Assert.Equal([0, 1, 2, 7, 62, 63], set.ToImmutableArray().AsEnumerable());
        Assert.Equal("0-63", ShardSet.All.ToString());
        Assert.Equal("", new ShardSet().ToString());
        Assert.Throws<ArgumentOutOfRangeException>(() => set.With(64));
    }
}
