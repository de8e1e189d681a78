using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Markets.Files;
using QTrade.Trading.Cluster;

namespace QTrade.Cluster.Tests;

/// <summary>The market that the clusters trade on.</summary>
internal static class ClusterMarket
{
    public static Market Market { get; } =
        MarketFile.TryReadFile(Path.Combine(AppContext.BaseDirectory, "samples", "orca-185759999.json"), out Market? market, out _, out MarketFileError? fault)
            ? market
            : throw new InvalidOperationException(fault.ToString());

    public static ImmutableSortedDictionary<int, ImmutableArray<PoolId>> PoolsByShard { get; } =
        Market.Pools.GroupBy(pool => Shards.Of(pool.Id)).ToImmutableSortedDictionary(shard => shard.Key, shard => shard.Select(pool => pool.Id).ToImmutableArray());

    /// <summary>The shards that hashing gives a node.</summary>
    public static ImmutableArray<int> ShardsOf(string node, params ImmutableArray<string> nodes) =>
        [.. PoolsByShard.Keys.Where(shard => Shards.OwnerOf(shard, nodes) == node)];
}
