using QTrade.Markets;
using QTrade.Messages.Execution;
using QTrade.Messages.Routing;
using QTrade.Trading.Routing;
using Leg = QTrade.Messages.Routing.Leg;

namespace QTrade.Trading.Execution;

/// <summary>
/// Pools as our own fills leave them: the durable ones, and over them those that are being written. One that the journal refuses was no fill: it is taken back, and
/// what is settled after it is not quoted on its impact. Mutable, and owned by the executor.
/// </summary>
/// <param name="newest">The newest view.</param>
/// <param name="units">What amounts count.</param>
public sealed class FilledPools(IPoolStates newest, AmountUnit units)
{
    private readonly PoolOverlay durable = new(newest);

    // One for each trade under way at most.
    private readonly OrderedDictionary<TradeId, TradeOutcome> writing = [];
    private readonly HashSet<TradeId> filled = [];
    private readonly Queue<TradeId> filledOrder = [];
    private PoolOverlay? shown;

    /// <summary>As many durable fills are remembered, so that one that is told again is not filled again.</summary>
    public const int FilledKept = ExecutorState.TalliedKept;

    /// <summary>What is judged and settled next is quoted on this.</summary>
    public PoolOverlay Shown => shown ??= Show();

    /// <summary>Settles a durable intent; where it is filled the pools are shown so until <see cref="End"/> or <see cref="Undo"/> says what became of the outcome.</summary>
    /// <param name="intent">The intent.</param>
    /// <param name="newestSlot">Newest slot seen.</param>
    /// <param name="at">The time.</param>
    public TradeOutcome Settle(TradeIntent intent, ulong newestSlot, DateTimeOffset at)
    {
        Undo(intent.TradeId);
        var outcome = PaperVenue.Settle(intent, Shown, units, newestSlot, at);
        if (outcome.Ending == Ending.Executed)
            writing.Add(intent.TradeId, outcome);
        return outcome;
    }

    /// <summary>
    /// An outcome is durable, of whatever was settled for the trade and whoever wrote it: a fill shows from now on, and anything else that was settled here does not.
    /// </summary>
    public void End(TradeOutcome outcome)
    {
        var wasSettled = writing.Remove(outcome.TradeId, out var settled);
        var isFill = outcome.Ending == Ending.Executed && Remember(outcome.TradeId);
        if (isFill)
            Fill(outcome, durable);
        if (isFill ? !outcome.Equals(settled) : wasSettled)
            shown = null;
    }

    /// <summary>The outcome that a trade was settled with is not durable and is not told again: there was no fill.</summary>
    public void Undo(TradeId trade)
    {
        if (writing.Remove(trade))
            shown = null;
    }

    private PoolOverlay Show()
    {
        var pools = new PoolOverlay(durable);
        foreach (var outcome in writing.Values)
            Fill(outcome, pools);
        return pools;
    }

    private bool Remember(TradeId trade)
    {
        if (!filled.Add(trade))
            return false;
        filledOrder.Enqueue(trade);
        if (filledOrder.Count > FilledKept)
            filled.Remove(filledOrder.Dequeue());
        return true;
    }

    /// <summary>Not the legs whose pools were observed since: what is observed counts.</summary>
    private void Fill(TradeOutcome outcome, PoolOverlay pools)
    {
        foreach (var leg in outcome.Legs)
        {
            if (newest.TryPool(leg.PoolId, out _, out var at) && !at.IsObservedAfter(leg.At))
                LegQuotes.Quote([new Leg(leg.PoolId, leg.TokenIn, leg.TokenOut, leg.Tender, leg.Receive)], passOn: false, pools, units, out _);
        }
    }
}
