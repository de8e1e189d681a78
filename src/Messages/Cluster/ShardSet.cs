using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;

namespace QTrade.Messages.Cluster;

/// <summary>A set of the shards that pools are dealt into.</summary>
/// <param name="Bits">Bit s is set where shard s is in the set.</param>
public readonly record struct ShardSet(ulong Bits)
{
    /// <summary>How many shards there are. On the wire and in the names of queues: it never changes.</summary>
    public const int ShardCount = 64;

    /// <summary>Every shard.</summary>
    public static ShardSet All => new(ulong.MaxValue);

    /// <summary>How many are in the set.</summary>
    public int Count => BitOperations.PopCount(Bits);

    public bool IsEmpty => Bits == 0;

    public bool Contains(int shard) => (Bits & Bit(shard)) != 0;

    public ShardSet With(int shard) => new(Bits | Bit(shard));

    public ShardSet Without(int shard) => new(Bits & ~Bit(shard));

    public ShardSet Union(ShardSet other) => new(Bits | other.Bits);

    public ShardSet Except(ShardSet other) => new(Bits & ~other.Bits);

    public ShardSet Intersect(ShardSet other) => new(Bits & other.Bits);

    /// <summary>The shards, ascending.</summary>
    public ImmutableArray<int> ToImmutableArray()
    {
        var shards = ImmutableArray.CreateBuilder<int>(Count);
        for (var bits = Bits; bits != 0; bits &= bits - 1)
            shards.Add(BitOperations.TrailingZeroCount(bits));
        return shards.MoveToImmutable();
    }

    /// <summary>Runs of shards: <c>0-3 7 60-63</c>.</summary>
    public override string ToString()
    {
        var runs = new List<string>();
        for (var first = 0; first < ShardCount; first++)
        {
            if (!Contains(first))
                continue;
            var last = first;
            while (last + 1 < ShardCount && Contains(last + 1))
                last++;
            runs.Add(string.Create(CultureInfo.InvariantCulture, $"{first}{(last > first ? $"-{last}" : "")}"));
            first = last;
        }

        return string.Join(' ', runs);
    }

    private static ulong Bit(int shard) =>
        shard is >= 0 and < ShardCount ? 1UL << shard : throw new ArgumentOutOfRangeException(nameof(shard), shard, "not a shard");
}
