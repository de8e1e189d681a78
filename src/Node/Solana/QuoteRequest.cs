namespace QTrade.Node.Solana;

/// <summary>A request for a quote, as a person or a file gives it.</summary>
/// <param name="Pool">The pool's account.</param>
/// <param name="From">Mint of the token that goes in.</param>
/// <param name="ExactIn">Base units that go in, or null.</param>
/// <param name="ExactOut">Base units that are to come out, or null.</param>
/// <param name="Slot">The chain's slot, or null.</param>
/// <param name="UnixTime">The chain's time, or null.</param>
internal readonly record struct QuoteRequest(string? Pool, string? From, string? ExactIn, string? ExactOut, ulong? Slot, long? UnixTime);
