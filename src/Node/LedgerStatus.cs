using System.Collections.Immutable;
using QTrade.Messages.Routing;

namespace QTrade.Node;

/// <summary>A ledger's counts, each counted on its own (law 6).</summary>
/// <param name="HandedOut">How many were handed out.</param>
/// <param name="InFlight">How many have not ended.</param>
/// <param name="Endings">How many ended, by ending.</param>
public sealed record LedgerStatus(long HandedOut, long InFlight, ImmutableSortedDictionary<Ending, long> Endings)
{
    public static LedgerStatus Empty { get; } = new(0, 0, ImmutableSortedDictionary<Ending, long>.Empty);

    /// <summary>How many ended in any way.</summary>
    public long Ended => Endings.Values.Sum();

    /// <summary>Handed out - ended - in flight: 0 at every moment.</summary>
    public long Difference => HandedOut - Ended - InFlight;
}
