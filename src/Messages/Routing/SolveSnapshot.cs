using System.Collections.Immutable;
using QTrade.Markets;

namespace QTrade.Messages.Routing;

/// <summary>Work for one optimizer: everything that the result depends on.</summary>
/// <param name="SnapshotId">The snapshot.</param>
/// <param name="Market">The market at the cut; its name is the snapshot's id.</param>
/// <param name="MarketHash">Digest of the whole cut, lower-case hex.</param>
/// <param name="StartPrices">Dual prices to begin from, one per token of the market; empty: cold.</param>
/// <param name="Options">What the solve may spend.</param>
public sealed record SolveSnapshot(
    SnapshotId SnapshotId, Market Market, string MarketHash, ImmutableArray<double> StartPrices, SolveOptions Options)
    : IMessage
{
    /// <summary>Trades of the decision whose prices these are, of pools that may since have gone; empty: the prices alone are the start.</summary>
    public ImmutableArray<PoolTrade> StartTrades { get; init; } = [];

    public bool Equals(SolveSnapshot? other) =>
        other is not null && SnapshotId == other.SnapshotId && MarketHash == other.MarketHash && Options == other.Options
        && StructuralEquality.Same(StartPrices, other.StartPrices) && StructuralEquality.Same(StartTrades, other.StartTrades)
        && Market.Equals(other.Market);

    public override int GetHashCode() => HashCode.Combine(SnapshotId, MarketHash);
}
