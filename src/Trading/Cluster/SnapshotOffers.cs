using QTrade.Messages;
using QTrade.Messages.Cluster;
using QTrade.Messages.Routing;

namespace QTrade.Trading.Cluster;

/// <summary>
/// The router's side of offers: what each optimizer on another node was given last, so that it is told the next snapshot as what changed since. One that
/// never had that asks for the whole. Mutable, and owned by one actor.
/// </summary>
/// <param name="lease">For how long an optimizer has a snapshot.</param>
public sealed class SnapshotOffers(TimeSpan lease)
{
    /// <summary>Most optimizers whose last snapshot is remembered; others are told whole ones.</summary>
    public const int OptimizersMax = 1_024;

    private readonly Dictionary<string, SolveSnapshot?> told = new(StringComparer.Ordinal);

    /// <summary>Snapshots told as changes.</summary>
    public long Changes { get; private set; }

    /// <summary>Snapshots told whole.</summary>
    public long Whole { get; private set; }

    /// <summary>How often an optimizer asked for the whole of one, because it lacked its base.</summary>
    public long Asked { get; private set; }

    /// <summary>An optimizer spoke.</summary>
    public void Hear(OptimizerReady ready)
    {
        if (!ready.TakesOffers)
            told.Remove(ready.Optimizer);
        else if (told.Count < OptimizersMax)
            told.TryAdd(ready.Optimizer, null);
    }

    /// <summary>What to send to an optimizer that is given a snapshot: what changed since its last, or all of it.</summary>
    public IMessage Tell(string optimizer, SolveSnapshot work)
    {
        if (!told.TryGetValue(optimizer, out var earlier))
        {
            Whole++;
            return work;
        }

        told[optimizer] = work;
        // One that did not answer for it may not have had it.
        var offer = MarketChanges.Tell(earlier?.SnapshotId == work.SnapshotId ? null : earlier, work, lease);
        if (offer.Base is null)
            Whole++;
        else
            Changes++;
        return offer;
    }

    /// <summary>An optimizer lacks the base of its offer.</summary>
    /// <returns>All of the snapshot; null where it was given another one since.</returns>
    public OfferSnapshot? Tell(GetWholeSnapshot get)
    {
        Asked++;
        return told.TryGetValue(get.Optimizer, out var given) && given?.SnapshotId == get.SnapshotId ? MarketChanges.Tell(null, given, lease) : null;
    }

    /// <summary>Optimizers are gone: what they had is forgotten.</summary>
    public void Gone(Func<string, bool> isGone)
    {
        foreach (var optimizer in told.Keys.Where(isGone).ToList())
            told.Remove(optimizer);
    }
}
