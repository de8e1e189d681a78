using System.Collections.Immutable;
using QTrade.Node.Simulation;
using QTrade.Solana.Tapes;

namespace QTrade.Node.Feeds;

/// <summary>The next entries of a tape.</summary>
internal sealed record FeedTapeRead(ImmutableArray<TapeEntry> Entries, bool Ended, long TornBytes, string? Fault) : IFeedMessage;
