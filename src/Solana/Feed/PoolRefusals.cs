using System.Collections.Immutable;

namespace QTrade.Solana.Feed;

/// <summary>How many pools a view refuses for each reason, and how often it began to. Written by the view, read from any thread.</summary>
public sealed class PoolRefusals
{
    private static readonly PoolRefusal[] Kinds = Enum.GetValues<PoolRefusal>();

    private readonly long[] _now = new long[Kinds.Length];
    private readonly long[] _ever = new long[Kinds.Length];

    /// <summary>Pools that are refused for a reason now.</summary>
    public long Now(PoolRefusal refusal) => Volatile.Read(ref _now[(int)refusal]);

    /// <summary>How often a pool began to be refused for a reason.</summary>
    public long Ever(PoolRefusal refusal) => Volatile.Read(ref _ever[(int)refusal]);

    /// <summary>Every reason that was ever given, in the order of their numbers.</summary>
    public ImmutableArray<(PoolRefusal Refusal, long Now, long Ever)> Given =>
        [.. Kinds.Where(refusal => Ever(refusal) > 0).Select(refusal => (refusal, Now(refusal), Ever(refusal)))];

    /// <summary>A view begins, without pools.</summary>
    internal void Begin()
    {
        foreach (var refusal in Kinds)
            Volatile.Write(ref _now[(int)refusal], 0);
    }

    /// <summary>A pool is refused for another reason than before; <see cref="PoolRefusal.None"/> for not refused.</summary>
    internal void Change(PoolRefusal before, PoolRefusal after)
    {
        if (before == after)
            return;
        if (before != PoolRefusal.None)
            Interlocked.Decrement(ref _now[(int)before]);
        if (after == PoolRefusal.None)
            return;
        Interlocked.Increment(ref _now[(int)after]);
        Interlocked.Increment(ref _ever[(int)after]);
    }
}
