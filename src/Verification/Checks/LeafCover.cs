using System.Collections.Immutable;

namespace QTrade.Verification.Checks;

/// <summary>
/// Whether leaves cover every choice of at most K pools: a part of all choices is covered if some leaf asks nothing more than what is decided in it,
/// or if more than K pools are decided in; otherwise it is split on a pool that its leaves decide. Exact for leaves of any
/// shape; leaves of a tree take one split per inner node.
/// </summary>
internal static class LeafCover
{
    /// <summary>More splits than any tree of a legal search needs; leaves of no tree could ask for exponentially many.</summary>
    private const int MostSplits = 1_000_000;

    /// <summary>What keeps the leaves from covering every choice, or null.</summary>
    public static string? Flaw(CheckedMarket market, int? maxPools, IReadOnlyList<CheckedLeaf> leaves)
    {
        var parts = new Stack<Part>();
        parts.Push(new([], [], leaves));
        int splits = 0;
        while (parts.TryPop(out Part? part))
        {
            if (part.In.Count > maxPools)
                continue;
            var asked = part.Leaves.Select(leaf => (Leaf: leaf, In: leaf.ForcedIn.Except(part.In).ToList(), Out: leaf.ForcedOut.Except(part.Out).ToList())).ToList();
            if (asked.Any(each => each.In.Count == 0 && each.Out.Count == 0))
                continue;
            if (asked.Count == 0)
                return $"no leaf covers the choices {Shown(market, part)}";
            if (++splits > MostSplits)
                return "the leaves are no tree of decisions that could be followed";
            int pool = asked.SelectMany(each => each.In.Concat(each.Out)).CountBy(each => each).MaxBy(count => (count.Value, -count.Key)).Key;
            parts.Push(new(part.In, part.Out.Add(pool), [.. asked.Where(each => !each.In.Contains(pool)).Select(each => each.Leaf)]));
            parts.Push(new(part.In.Add(pool), part.Out, [.. asked.Where(each => !each.Out.Contains(pool)).Select(each => each.Leaf)]));
        }

        return null;
    }

    private static string Shown(CheckedMarket market, Part part)
    {
        const int most = 8;
        string Names(ImmutableHashSet<int> pools) =>
            pools.IsEmpty ? "no pool" : string.Join(", ", pools.Order().Take(most).Select(i => market.Market.Pools[i].Id.Value)) + (pools.Count > most ? ", ..." : "");
        return $"with {Names(part.In)} in and {Names(part.Out)} out";
    }

    private sealed record Part(ImmutableHashSet<int> In, ImmutableHashSet<int> Out, IReadOnlyList<CheckedLeaf> Leaves);
}
