using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Messages.Cluster;
using QTrade.Messages.Routing;

namespace QTrade.Trading.Cluster;

/// <summary>A snapshot told as what changed since an earlier one, and made whole again, bit for bit. Pools and tokens are in ordinal order of their ids.</summary>
public static class MarketChanges
{
    /// <summary>The offer of a snapshot to an optimizer that has an earlier one.</summary>
    /// <param name="earlier">What the optimizer was given before; null: it has nothing.</param>
    /// <param name="work">The snapshot.</param>
    /// <param name="lease">For how long it has it.</param>
    public static OfferSnapshot Tell(SolveSnapshot? earlier, SolveSnapshot work, TimeSpan lease)
    {
        if (earlier is null || earlier.Market.Units != work.Market.Units || earlier.Market.Limits != work.Market.Limits)
            return Offer(null, work.Market, [], []);
        var (pools, removedPools) = Difference(earlier.Market.Pools, work.Market.Pools, pool => pool.Id);
        var (tokens, removedTokens) = Difference(earlier.Market.Tokens, work.Market.Tokens, token => token.Id);
        return Offer(
            earlier.SnapshotId, work.Market with { Pools = pools, Tokens = WithTokensOf(pools, tokens, work.Market.Tokens) }, removedPools, removedTokens);

        OfferSnapshot Offer(SnapshotId? from, Market changes, ImmutableArray<PoolId> removedPools, ImmutableArray<TokenId> removedTokens) =>
            new(work.SnapshotId, from, changes, removedPools, removedTokens, work.MarketHash, work.StartPrices, work.Options, lease) { StartTrades = work.StartTrades };
    }

    /// <summary>The snapshot that an offer stands for; null where it builds on another one than that.</summary>
    /// <param name="earlier">What the optimizer was given before; null: nothing.</param>
    /// <param name="offer">The offer.</param>
    public static SolveSnapshot? Resolve(SolveSnapshot? earlier, OfferSnapshot offer)
    {
        if (offer.Base is null)
            return Work(offer.Changes);
        if (earlier is null || earlier.SnapshotId != offer.Base)
            return null;
        return Work(offer.Changes with
        {
            Pools = Merge(earlier.Market.Pools, offer.Changes.Pools, offer.RemovedPools, pool => pool.Id),
            Tokens = Merge(earlier.Market.Tokens, offer.Changes.Tokens, offer.RemovedTokens, token => token.Id),
        });

        SolveSnapshot Work(Market market) => new(offer.SnapshotId, market, offer.MarketHash, offer.StartPrices, offer.Options) { StartTrades = offer.StartTrades };
    }

    /// <summary>A market's file names every token of its pools: those that did not change come along.</summary>
    private static ImmutableArray<Token> WithTokensOf(ImmutableArray<Pool> pools, ImmutableArray<Token> changed, ImmutableArray<Token> all)
    {
        var named = pools.SelectMany(pool => pool.Tokens).Concat(changed.Select(token => token.Id)).ToHashSet();
        return [.. all.Where(token => named.Contains(token.Id))];
    }

    private static (ImmutableArray<T> Changed, ImmutableArray<TId> Removed) Difference<T, TId>(
        ImmutableArray<T> before, ImmutableArray<T> after, Func<T, TId> key)
        where T : class, IEquatable<T>
        where TId : struct, IComparable<TId>
    {
        var changed = ImmutableArray.CreateBuilder<T>();
        var removed = ImmutableArray.CreateBuilder<TId>();
        var b = 0;
        foreach (var item in after)
        {
            for (; b < before.Length && key(before[b]).CompareTo(key(item)) < 0; b++)
                removed.Add(key(before[b]));
            var isKnown = b < before.Length && key(before[b]).CompareTo(key(item)) == 0;
            if (!isKnown || (!ReferenceEquals(before[b], item) && !before[b].Equals(item)))
                changed.Add(item);
            if (isKnown)
                b++;
        }

        for (; b < before.Length; b++)
            removed.Add(key(before[b]));
        return (changed.DrainToImmutable(), removed.DrainToImmutable());
    }

    private static ImmutableArray<T> Merge<T, TId>(ImmutableArray<T> before, ImmutableArray<T> changed, ImmutableArray<TId> removed, Func<T, TId> key)
        where T : class
        where TId : struct, IComparable<TId>
    {
        var merged = ImmutableArray.CreateBuilder<T>(before.Length + changed.Length);
        int c = 0, r = 0;
        foreach (var item in before)
        {
            for (; c < changed.Length && key(changed[c]).CompareTo(key(item)) < 0; c++)
                merged.Add(changed[c]);
            var isChanged = c < changed.Length && key(changed[c]).CompareTo(key(item)) == 0;
            var isRemoved = r < removed.Length && removed[r].CompareTo(key(item)) == 0;
            if (isChanged)
                merged.Add(changed[c++]);
            else if (!isRemoved)
                merged.Add(item);
            if (isRemoved)
                r++;
        }

        for (; c < changed.Length; c++)
            merged.Add(changed[c]);
        return merged.DrainToImmutable();
    }
}
