using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Messages.Routing;

namespace QTrade.Messages.Cluster;

/// <summary>
/// A snapshot for an optimizer on another node, told as what changed since one that the optimizer was given before. It stands for a
/// <see cref="SolveSnapshot"/>, bit for bit.
/// </summary>
/// <param name="SnapshotId">The snapshot.</param>
/// <param name="Base">The earlier snapshot that it builds on; null: it is whole.</param>
/// <param name="Changes">Name, slot and units of the market, the pools that are new or changed, the tokens that are new or changed, and those of the listed pools.</param>
/// <param name="RemovedPools">Pools of the base that are not in this snapshot.</param>
/// <param name="RemovedTokens">Tokens of the base that are not in this snapshot.</param>
/// <param name="MarketHash">Digest of the whole cut, lower-case hex.</param>
/// <param name="StartPrices">Dual prices to begin from, one per token of the whole market; empty: cold.</param>
/// <param name="Options">What the solve may spend.</param>
/// <param name="Lease">For how long the optimizer has it; afterwards others are offered it too.</param>
public sealed record OfferSnapshot(
    SnapshotId SnapshotId,
    SnapshotId? Base,
    Market Changes,
    ImmutableArray<PoolId> RemovedPools,
    ImmutableArray<TokenId> RemovedTokens,
    string MarketHash,
    ImmutableArray<double> StartPrices,
    SolveOptions Options,
    TimeSpan Lease) : IClusterMessage
{
    /// <summary>Trades of the decision whose prices these are; empty: the prices alone are the start.</summary>
    public ImmutableArray<PoolTrade> StartTrades { get; init; } = [];

    public bool Equals(OfferSnapshot? other) =>
        other is not null && SnapshotId == other.SnapshotId && Base == other.Base && Changes.Equals(other.Changes)
        && StructuralEquality.Same(RemovedPools, other.RemovedPools) && StructuralEquality.Same(RemovedTokens, other.RemovedTokens)
        && MarketHash == other.MarketHash && StructuralEquality.Same(StartPrices, other.StartPrices) && Options == other.Options
        && Lease == other.Lease && StructuralEquality.Same(StartTrades, other.StartTrades);

    public override int GetHashCode() => HashCode.Combine(SnapshotId, Base, MarketHash);
}
