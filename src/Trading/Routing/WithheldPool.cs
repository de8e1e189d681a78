using System.Collections.Immutable;
using QTrade.Messages;
using QTrade.Messages.Execution;

namespace QTrade.Trading.Routing;

/// <summary>Why a pool is withheld (law 7): trades on it are under way, or its state after our last one was not observed yet.</summary>
/// <param name="Live">Trades on it whose outcome is not known.</param>
/// <param name="After">The state that an executed trade was settled on: only a later one counts; null where none was executed.</param>
public sealed record WithheldPool(ImmutableHashSet<TradeId> Live, PositionVector? After);
