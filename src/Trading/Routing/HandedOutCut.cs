using System.Collections.Immutable;
using QTrade.Messages.Routing;

namespace QTrade.Trading.Routing;

/// <summary>The whole cut of a snapshot that was handed out; the next cut is told as what changed since.</summary>
/// <param name="SnapshotId">The snapshot.</param>
/// <param name="Pools">Every pool of it, by ordinal order of the ids.</param>
/// <param name="Tokens">Every token of it, by ordinal order of the ids.</param>
/// <param name="At">When it was handed out.</param>
public sealed record HandedOutCut(
    SnapshotId SnapshotId, ImmutableArray<PoolCut> Pools, ImmutableArray<TokenCut> Tokens, DateTimeOffset At);
