using QTrade.Messages;
using QTrade.Messages.Execution;
using QTrade.Messages.Routing;

namespace QTrade.Trading.Execution;

/// <summary>
/// The rules of one trade (law 7): an intent before any effect, one outcome after it. A trade that was refused without an intent can never
/// be intended; an intended one is repeated as it stands or ended, never changed.
/// </summary>
public static class TradeRules
{
    /// <param name="state">The trade.</param>
    /// <param name="command">The command.</param>
    /// <param name="newestSlot">Newest slot seen: no intent begins after its expiry.</param>
    public static Decision<ITradeEvent> Decide(TradeState state, ITradeMessage command, ulong newestSlot) => command switch
    {
        IntendTrade intend => Intend(state, intend.Intent, newestSlot),
        EndTrade end => End(state, end.Outcome),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command.GetType().Name, "not a command of a trade"),
    };

    /// <summary>The same while trading is halted: what was intended goes on, and nothing is intended.</summary>
    /// <param name="state">The trade.</param>
    /// <param name="command">The command.</param>
    /// <param name="newestSlot">Newest slot seen.</param>
    public static Decision<ITradeEvent> DecideHalted(TradeState state, ITradeMessage command, ulong newestSlot) =>
        command is IntendTrade && state is { Intent: null, Outcome: null } ? Refuse(ReasonCode.Halted) : Decide(state, command, newestSlot);

    /// <summary>
    /// The same for a trade of which the journal lost events. It may have taken effect: unless its outcome is known it ends as failed, and
    /// is never made again.
    /// </summary>
    /// <param name="state">What is left of the trade.</param>
    /// <param name="command">The command.</param>
    /// <param name="newestSlot">Newest slot seen.</param>
    /// <param name="at">Now.</param>
    public static Decision<ITradeEvent> DecideAfterLoss(TradeState state, ITradeMessage command, ulong newestSlot, DateTimeOffset at)
    {
        if (state.Outcome is not null)
            return Decide(state, command, newestSlot);
        var (id, snapshot, route) = command switch
        {
            IntendTrade { Intent: var intent } => (intent.TradeId, intent.SnapshotId, intent.RouteIndex),
            EndTrade { Outcome: var outcome } => (outcome.TradeId, outcome.SnapshotId, outcome.RouteIndex),
            _ => throw new ArgumentOutOfRangeException(nameof(command), command.GetType().Name, "not a command of a trade"),
        };
        return Decisions.Event<ITradeEvent>(new TradeEnded(new TradeOutcome(
            id, snapshot, route, Ending.Failed, ReasonCode.EventsLost,
            "the journal lost what became of it, so it is not made again", [], 0, 0, newestSlot, at)));
    }

    public static TradeState Apply(TradeState state, ITradeEvent change) => change switch
    {
        TradeIntended intended => state with { Intent = intended.Intent },
        TradeEnded ended => state with { Outcome = ended.Outcome },
        _ => throw new ArgumentOutOfRangeException(nameof(change), change.GetType().Name, "not an event of a trade"),
    };

    private static Decision<ITradeEvent> Intend(TradeState state, TradeIntent intent, ulong newestSlot) =>
        state.Outcome is not null ? Refuse(ReasonCode.AlreadyEnded)
        : intent.Equals(state.Intent) ? default
        : state.Intent is not null ? Refuse(ReasonCode.DifferentIntent)
        : newestSlot > intent.ExpirySlot ? Refuse(ReasonCode.Expired)
        : Decisions.Event<ITradeEvent>(new TradeIntended(intent));

    private static Decision<ITradeEvent> End(TradeState state, TradeOutcome outcome) =>
        outcome.Equals(state.Outcome) ? default
        : state.Outcome is not null ? Refuse(ReasonCode.AlreadyEnded)
        : state.Intent is null && outcome.Ending == Ending.Executed ? Refuse(ReasonCode.NotIntended)
        : Decisions.Event<ITradeEvent>(new TradeEnded(outcome));

    private static Decision<ITradeEvent> Refuse(ReasonCode reason) => Decisions.Reject<ITradeEvent>(reason);
}
