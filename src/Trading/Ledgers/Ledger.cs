using System.Collections.Immutable;
using QTrade.Messages.Routing;

namespace QTrade.Trading.Ledgers;

/// <summary>
/// Counts things that are handed out once and end once (law 6). Handed out, ended and in flight are counted each on its own, from
/// the journal's events, so that a difference other than 0 shows a thing that was lost or ended twice.
/// </summary>
/// <typeparam name="TId">What names a thing.</typeparam>
/// <param name="HandedOut">How many were handed out.</param>
/// <param name="Endings">How many ended, by ending.</param>
/// <param name="InFlight">Those that were handed out and have not ended.</param>
public sealed record Ledger<TId>(long HandedOut, ImmutableSortedDictionary<Ending, long> Endings, ImmutableHashSet<TId> InFlight)
    where TId : notnull
{
    /// <summary>Nothing was handed out yet.</summary>
    public Ledger()
        : this(0, ImmutableSortedDictionary<Ending, long>.Empty, [])
    {
    }

    /// <summary>How many ended in any way.</summary>
    public long Ended
    {
        get
        {
            var ended = 0L;
            foreach (var (_, count) in Endings)
                ended += count;
            return ended;
        }
    }

    /// <summary>Handed out - ended - in flight: 0 at every moment.</summary>
    public long Difference => HandedOut - Ended - InFlight.Count;

    /// <summary>How many ended so.</summary>
    public long this[Ending ending] => Endings.GetValueOrDefault(ending);

    public Ledger<TId> HandOut(TId id) => this with { HandedOut = HandedOut + 1, InFlight = InFlight.Add(id) };

    public Ledger<TId> End(TId id, Ending ending) =>
        this with { Endings = Endings.SetItem(ending, this[ending] + 1), InFlight = InFlight.Remove(id) };
}
