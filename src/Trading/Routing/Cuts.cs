using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;
using QTrade.Messages.Routing;

namespace QTrade.Trading.Routing;

/// <summary>Cuts told as what changed since an earlier one, and told whole again.</summary>
public static class Cuts
{
    /// <summary>At least every so many snapshots a cut is told whole, so that a reader goes back no further.</summary>
    public const int WholeEvery = 64;

    // What a hashed line holds beside the id: a word, two numbers of 64 bits, blanks.
    private const int NumbersLengthMax = 64;

    /// <summary>The cut as it is recorded: whole where there is nothing to build on or it is time again.</summary>
    public static SnapshotCut Tell(HandedOutCut? earlier, SnapshotId id, ImmutableArray<PoolCut> pools, ImmutableArray<TokenCut> tokens)
    {
        if (earlier is null || earlier.SnapshotId.Epoch != id.Epoch || (id.Number - 1) / WholeEvery != (earlier.SnapshotId.Number - 1) / WholeEvery)
            return new SnapshotCut(null, pools, tokens, [], []);
        var (changedPools, removedPools) = Difference(earlier.Pools, pools, cut => cut.PoolId);
        var (changedTokens, removedTokens) = Difference(earlier.Tokens, tokens, cut => cut.TokenId);
        return new SnapshotCut(earlier.SnapshotId, changedPools, changedTokens, removedPools, removedTokens);
    }

    /// <summary>
    /// The whole cut that an event records, given the whole cut of the snapshot handed out before it; null where it builds on another,
    /// which the journal then lost.
    /// </summary>
    public static HandedOutCut? Resolve(HandedOutCut? earlier, SnapshotHandedOut handedOut)
    {
        var cut = handedOut.Cut;
        if (cut.Base is null)
            return new HandedOutCut(handedOut.SnapshotId, cut.Pools, cut.Tokens, handedOut.At);
        if (earlier is null || earlier.SnapshotId != cut.Base)
            return null;
        return new HandedOutCut(
            handedOut.SnapshotId,
            Merge(earlier.Pools, cut.Pools, cut.RemovedPools, pool => pool.PoolId),
            Merge(earlier.Tokens, cut.Tokens, cut.RemovedTokens, token => token.TokenId),
            handedOut.At);
    }

    /// <summary>The name of a tape's market: its cut and where its pools stand say what it holds, on any number of nodes, whatever was written of them on the way.</summary>
    public static string NameOf(long tapeCut) => string.Create(CultureInfo.InvariantCulture, $"tape-{tapeCut}");

    /// <summary>SHA-256 over the ids and positions of a tape's pools, in lower-case hex.</summary>
    public static string Hash(TapeCut cut)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var pool in cut.Pools)
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"pool {pool.PoolId.Value} {pool.At}\n")));
        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    /// <summary>SHA-256 over the ids and sequence numbers of a whole cut, in lower-case hex: names the market that the cut stands for.</summary>
    public static string Hash(ImmutableArray<PoolCut> pools, ImmutableArray<TokenCut> tokens)
    {
        var length = 0;
        foreach (var pool in pools)
            length += NumbersLengthMax + Encoding.UTF8.GetMaxByteCount(pool.PoolId.Value.Length);
        foreach (var token in tokens)
            length += NumbersLengthMax + Encoding.UTF8.GetMaxByteCount(token.TokenId.Value.Length);
        var text = ArrayPool<byte>.Shared.Rent(length);
        var written = 0;
        foreach (var pool in pools)
        {
            Utf8.TryWrite(text.AsSpan(written), CultureInfo.InvariantCulture, $"pool {pool.PoolId.Value} {pool.Sequence} {pool.ConfigurationSequence}\n", out var line);
            written += line;
        }

        foreach (var token in tokens)
        {
            Utf8.TryWrite(text.AsSpan(written), CultureInfo.InvariantCulture, $"token {token.TokenId.Value} {token.Sequence}\n", out var line);
            written += line;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text.AsSpan(0, written), hash);
        ArrayPool<byte>.Shared.Return(text);
        return Convert.ToHexStringLower(hash);
    }

    /// <summary>Both in ascending order of their keys: one walk over the two.</summary>
    private static (ImmutableArray<TCut> Changed, ImmutableArray<TId> Removed) Difference<TCut, TId>(
        ImmutableArray<TCut> before, ImmutableArray<TCut> after, Func<TCut, TId> key)
        where TCut : struct, IEquatable<TCut>
        where TId : struct, IComparable<TId>
    {
        var changed = ImmutableArray.CreateBuilder<TCut>();
        var removed = ImmutableArray.CreateBuilder<TId>();
        var b = 0;
        foreach (var cut in after)
        {
            for (; b < before.Length && key(before[b]).CompareTo(key(cut)) < 0; b++)
                removed.Add(key(before[b]));
            if (b < before.Length && before[b].Equals(cut))
                b++;
            else
            {
                changed.Add(cut);
                if (b < before.Length && key(before[b]).CompareTo(key(cut)) == 0)
                    b++;
            }
        }

        for (; b < before.Length; b++)
            removed.Add(key(before[b]));
        return (changed.DrainToImmutable(), removed.DrainToImmutable());
    }

    private static ImmutableArray<TCut> Merge<TCut, TId>(
        ImmutableArray<TCut> before, ImmutableArray<TCut> changed, ImmutableArray<TId> removed, Func<TCut, TId> key)
        where TCut : struct
        where TId : struct, IComparable<TId>
    {
        var merged = ImmutableArray.CreateBuilder<TCut>(before.Length + changed.Length);
        int c = 0, r = 0;
        foreach (var cut in before)
        {
            for (; c < changed.Length && key(changed[c]).CompareTo(key(cut)) < 0; c++)
                merged.Add(changed[c]);
            if (r < removed.Length && removed[r].CompareTo(key(cut)) == 0)
                r++;
            else if (c < changed.Length && key(changed[c]).CompareTo(key(cut)) == 0)
                merged.Add(changed[c++]);
            else
                merged.Add(cut);
        }

        for (; c < changed.Length; c++)
            merged.Add(changed[c]);
        return merged.DrainToImmutable();
    }
}
