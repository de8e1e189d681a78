using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Messages.Cluster;

namespace QTrade.Trading.Cluster;

/// <summary>
/// Which shard a pool is in and which node a shard is given to: by rendezvous hashing (Thaler and Ravishankar, 1998) every node has a weight for
/// every shard and the heaviest has it, so a node that comes or goes moves only the shards that it wins or leaves.
/// </summary>
public static class Shards
{
    // Tells the hash of a shard from that of a pool.
    private const ulong Step = 0x9e3779b97f4a7c15;

    /// <summary>The shard of a pool, the same for ever: 0 to <see cref="ShardSet.ShardCount"/> - 1.</summary>
    public static int Of(PoolId pool) => (int)(FixedHash.Of(pool.Value) % ShardSet.ShardCount);

    /// <summary>The node that a shard is given to; null where there is none.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="nodes">The nodes that hold pools, in any order.</param>
    public static string? OwnerOf(int shard, ImmutableArray<string> nodes) => OwnerOf(shard, nodes, Hashes(nodes));

    /// <summary>All shards that a node is given.</summary>
    public static ShardSet Of(string node, ImmutableArray<string> nodes)
    {
        var given = new ShardSet();
        var hashes = Hashes(nodes);
        for (var shard = 0; shard < ShardSet.ShardCount; shard++)
        {
            if (OwnerOf(shard, nodes, hashes) == node)
                given = given.With(shard);
        }

        return given;
    }

    private static string? OwnerOf(int shard, ImmutableArray<string> nodes, ulong[] hashes)
    {
        string? owner = null;
        ulong heaviest = 0;
        for (var n = 0; n < hashes.Length; n++)
        {
            var weight = FixedHash.Mix(hashes[n] + (Step * (ulong)(shard + 1)));
            if (owner is null || weight > heaviest || (weight == heaviest && string.CompareOrdinal(nodes[n], owner) < 0))
                (owner, heaviest) = (nodes[n], weight);
        }

        return owner;
    }

    private static ulong[] Hashes(ImmutableArray<string> nodes) => [.. nodes.Select(FixedHash.Of)];
}
