using System.Collections.Immutable;
using QTrade.Markets;

namespace QTrade.Messages.Routing;

/// <summary>
/// A cut through the histories of all pools and tokens of a snapshot: whole where <paramref name="Base"/> is absent, otherwise what
/// changed since the cut of an earlier snapshot. The market it stands for lists its pools and its tokens by ordinal order of their ids.
/// </summary>
/// <param name="Base">The earlier snapshot that this cut builds on; null: this cut is whole.</param>
/// <param name="Pools">Pools that are new or at another sequence number than in the base.</param>
/// <param name="Tokens">Tokens that are new or at another sequence number than in the base.</param>
/// <param name="RemovedPools">Pools of the base that are not in this cut: retired, or withheld because a trade on them is under way.</param>
/// <param name="RemovedTokens">Tokens of the base that no pool of this cut trades.</param>
public sealed record SnapshotCut(
    SnapshotId? Base,
    ImmutableArray<PoolCut> Pools,
    ImmutableArray<TokenCut> Tokens,
    ImmutableArray<PoolId> RemovedPools,
    ImmutableArray<TokenId> RemovedTokens)
{
    public bool Equals(SnapshotCut? other) =>
        other is not null && Base == other.Base && StructuralEquality.Same(Pools, other.Pools)
        && StructuralEquality.Same(Tokens, other.Tokens) && StructuralEquality.Same(RemovedPools, other.RemovedPools)
        && StructuralEquality.Same(RemovedTokens, other.RemovedTokens);

    public override int GetHashCode() => HashCode.Combine(Base, StructuralEquality.Hash(Pools), StructuralEquality.Hash(Tokens));
}
