using System.Collections.Immutable;
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
    /// <summary>As many durable fills are remembered, so that one that is told again is not filled again.</summary>
    public const int FilledKept = ExecutorState.TalliedKept;

    /// <summary>As many durable swaps wait until their pools can be quoted. The oldest are let go of: a pool that was hidden for so long is observed anew before it shows.</summary>
    public const int WaitingKept = 1_024;

    private readonly PoolOverlay durable = new(newest);

    // One for each trade under way at most.
    private readonly OrderedDictionary<TradeId, TradeOutcome> writing = [];
    private readonly RecentTrades filled = new(FilledKept);
    private readonly List<SettledLeg> waiting = [];
    private readonly List<SettledLeg> unshown = [];
    private PoolOverlay? shown;

    /// <summary>How many durable swaps were let go of before their pools could be quoted.</summary>
    public long LetGo { get; private set; }

    /// <summary>What is judged and settled next is quoted on this.</summary>
    public PoolOverlay Shown
    {
        get
        {
            if (FillWaiting() || unshown.Exists(leg => StandingOf(leg) != Standing.Waits))
                shown = null;
            return shown ??= Show();
        }
    }

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
        var isFill = outcome.Ending == Ending.Executed && filled.Add(outcome.TradeId);
        if (isFill)
        {
            if (FillWaiting())
                shown = null;
            Keep(outcome.Legs);
        }

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
        unshown.Clear();
        foreach (var leg in writing.Values.SelectMany(outcome => outcome.Legs))
        {
            if (!TryFill(leg, pools))
                unshown.Add(leg);
        }

        return pools;
    }

    private void Keep(ImmutableArray<SettledLeg> legs)
    {
        waiting.AddRange(legs);
        FillWaiting();
        var over = Math.Max(0, waiting.Count - WaitingKept);
        waiting.RemoveRange(0, over);
        LetGo += over;
    }

    /// <summary>Whether anything waits no more.</summary>
    private bool FillWaiting() => waiting.RemoveAll(leg => TryFill(leg, durable)) > 0;

    /// <summary>False while it waits.</summary>
    private bool TryFill(SettledLeg leg, PoolOverlay pools)
    {
        var standing = StandingOf(leg);
        if (standing == Standing.Shows)
            LegQuotes.Quote([new Leg(leg.PoolId, leg.TokenIn, leg.TokenOut, leg.Tender, leg.Receive)], passOn: false, pools, units, out _);
        return standing != Standing.Waits;
    }

    private Standing StandingOf(SettledLeg leg) =>
        !newest.TryPool(leg.PoolId, out _, out var at) || !newest.TryToken(leg.TokenIn, out _) || !newest.TryToken(leg.TokenOut, out _) ? Standing.Waits
        : at.IsObservedAfter(leg.At) ? Standing.Overtaken
        // Another executor saw the pool later than this one has.
        : leg.At.IsObservedAfter(at) ? Standing.Waits
        : Standing.Shows;

    private enum Standing
    {
        /// <summary>The pool cannot be quoted as it was when it was traded on: it is hidden, its tokens are not told yet, or it is shown from before.</summary>
        Waits,

        /// <summary>The pool is shown as it was before the swap.</summary>
        Shows,

        /// <summary>The pool was observed since: what is observed counts.</summary>
        Overtaken,
    }
}
