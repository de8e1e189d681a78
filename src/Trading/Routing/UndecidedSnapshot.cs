using System.Collections.Immutable;
using QTrade.Markets;

namespace QTrade.Trading.Routing;

/// <summary>A snapshot that an optimizer is at.</summary>
/// <param name="Slot">Newest slot that the router had seen when it was cut.</param>
/// <param name="Tokens">The market's tokens in order, which the result's prices follow.</param>
/// <param name="At">When it was handed out.</param>
/// <param name="TapeCut">Which cut of the tape it is; 0 where time picked it.</param>
public sealed record UndecidedSnapshot(ulong Slot, ImmutableArray<TokenId> Tokens, DateTimeOffset At, long TapeCut = 0);
