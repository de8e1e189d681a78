using QTrade.Messages.Cluster;
using QTrade.Messages.Routing;

namespace QTrade.Trading.Cluster;

/// <summary>
/// The optimizer's side of offers: it keeps the snapshot it was given last, builds the next on it, and asks once for the whole of one whose base it
/// lacks. Mutable, and owned by the optimizer.
/// </summary>
/// <param name="optimizer">Name of the optimizer.</param>
public sealed class OfferedSnapshots(string optimizer)
{
    private SolveSnapshot? last;
    private SnapshotId? asked;

    /// <summary>Offers made whole on the base at hand.</summary>
    public long Built { get; private set; }

    /// <summary>Offers whose base was not at hand.</summary>
    public long Lacking { get; private set; }

    /// <summary>Takes an offer.</summary>
    /// <param name="offer">The offer.</param>
    /// <param name="work">The snapshot to solve; null where its base is not at hand.</param>
    /// <returns>What to ask the router; null where the work is whole, or where it was asked for already: the lease lapses and the snapshot is offered anew.</returns>
    public GetWholeSnapshot? Take(OfferSnapshot offer, out SolveSnapshot? work)
    {
        work = MarketChanges.Resolve(last, offer);
        if (work is not null)
        {
            last = work;
            asked = null;
            Built++;
            return null;
        }

        Lacking++;
        if (asked == offer.SnapshotId)
            return null;
        asked = offer.SnapshotId;
        return new GetWholeSnapshot(optimizer, offer.SnapshotId);
    }
}
