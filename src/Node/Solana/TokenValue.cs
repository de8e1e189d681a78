using QTrade.Solana;

namespace QTrade.Node.Solana;

/// <summary>The market value of one base unit of a token, and what it rests on.</summary>
/// <param name="Value">The value c.</param>
/// <param name="Pool">The pool whose price it comes from; null where it was given.</param>
/// <param name="Depth">Value on the quoted side of that pool within the price's own range.</param>
/// <param name="Clock">When that pool was read.</param>
internal readonly record struct TokenValue(double Value, Address? Pool = null, double Depth = 0, ChainClock Clock = default);
