using QTrade.Markets;

namespace QTrade.Messages.Routing;

/// <summary>An optimizer's answer: the result with its certificate (prices, upper bound, gap).</summary>
public sealed record SnapshotSolved(SnapshotId SnapshotId, MarketResult Result);
