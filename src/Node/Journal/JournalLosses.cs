using System.Collections.Immutable;
using QTrade.Actors.Journal;

namespace QTrade.Node.Journal;

/// <summary>What could not be read back, as far as it was met; each stretch is counted and told once.</summary>
internal sealed class JournalLosses(JournalSite site)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(long From, long To), JournalLoss> _known = [];

    /// <summary>Every loss met so far, in the global order.</summary>
    public ImmutableArray<JournalLoss> All
    {
        get
        {
            lock (_gate) return [.. _known.Values.OrderBy(loss => loss.FromOrdinal)];
        }
    }

    /// <summary>Counts and names the loss of the ordinals <paramref name="from"/> to <paramref name="to"/>, unless that was done already.</summary>
    /// <param name="from">The first.</param>
    /// <param name="to">The last.</param>
    /// <param name="events">Tells whose events lay there.</param>
    public void Add(long from, long to, Func<ImmutableArray<LostEvents>> events)
    {
        lock (_gate)
        {
            if (to < from || _known.ContainsKey((from, to))) return;
            var loss = new JournalLoss(from, to, events());
            _known.Add((from, to), loss);
            site.Metrics.EventsLost(to - from + 1);
            site.Logger.Lost(site.Location, loss);
        }
    }
}
