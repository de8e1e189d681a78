using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Messages;
using QTrade.Messages.Execution;
using QTrade.Messages.Routing;

namespace QTrade.Trading.Routing;

/// <summary>What the router decides. It is the single writer of <c>router</c>; every snapshot and route that it hands out ends once (law 6).</summary>
public static class RouterRules
{
    /// <summary>
    /// A router takes over: a new epoch begins, and what an earlier one handed out and did not decide ends as failed (restarted). Decided
    /// solutions stay open and are published again; those whose end the journal lost end now.
    /// </summary>
    /// <param name="state">What the journal left of the router.</param>
    /// <param name="at">Now.</param>
    /// <param name="units">The market's.</param>
    /// <param name="lost">Events of the router that the journal lost. Each may have been an epoch's beginning, and none is begun twice.</param>
    public static Decision<IRouterEvent> Start(
        RouterState state, DateTimeOffset at, AmountUnit units = AmountUnit.Whole, long lost = 0)
    {
        var events = ImmutableArray.CreateBuilder<IRouterEvent>();
        events.Add(new EpochStarted(state.Epoch + lost + 1, at, units));
        foreach (var id in state.Snapshots.InFlight.Order())
        {
            if (state.Undecided.ContainsKey(id))
                events.Add(new SnapshotEnded(id, Ending.Failed, ReasonCode.Restarted, "the router restarted before it was decided", at));
            else if (!state.Open.TryGetValue(id, out var solution))
                events.Add(new SnapshotEnded(id, Ending.Failed, ReasonCode.EventsLost, "the journal lost how it ended", at));
            else if (solution.Remaining.IsEmpty)
                events.Add(End(solution, at));
        }

        return Decisions.Events(events.DrainToImmutable());
    }

    /// <summary>An optimizer is told of the newest cut, or that there is none.</summary>
    public static Decision<IRouterEvent> HandOut(RouterState state, SnapshotOffer? offer) =>
        offer is null ? Decisions.Reject<IRouterEvent>(ReasonCode.NothingToSolve, "no pool can be traded")
        : state.Snapshots.InFlight.Contains(offer.Event.SnapshotId) ? default
        : Decisions.Event<IRouterEvent>(offer.Event);

    /// <summary>An answer or an outcome came. What is known already is no event.</summary>
    public static Decision<IRouterEvent> Decide(RouterState state, IRouterCommand command, RouterOptions options, DateTimeOffset at) =>
        command switch
        {
            SnapshotSolved solved => Solved(state, solved, options, at),
            SnapshotFailed failed => Failed(state, failed, at),
            TradeOutcome outcome => Ended(state, outcome, at),
            _ => throw new ArgumentOutOfRangeException(nameof(command), command.GetType().Name, "not a command of the router"),
        };

    /// <summary>A solution that found no room in the queue before its expiry ends without having been published.</summary>
    public static Decision<IRouterEvent> Expire(OpenSolution solution, ulong newestSlot, DateTimeOffset at)
    {
        var events = ImmutableArray.CreateBuilder<IRouterEvent>();
        var outcomes = solution.Outcomes;
        foreach (var route in solution.Remaining)
        {
            var outcome = NotExecuted(
                solution.SnapshotId, route, Ending.Expired, ReasonCode.Expired,
                $"slot {newestSlot} was seen, its expiry was {solution.ExpirySlot}", newestSlot, at);
            events.Add(new RouteEnded(outcome));
            outcomes = outcomes.SetItem(route.Index, outcome);
        }

        events.Add(End(solution with { Outcomes = outcomes }, at));
        return Decisions.Events(events.DrainToImmutable());
    }

    private static Decision<IRouterEvent> Solved(RouterState state, SnapshotSolved solved, RouterOptions options, DateTimeOffset at)
    {
        if (!state.Undecided.TryGetValue(solved.SnapshotId, out var snapshot))
            return Decisions.Reject<IRouterEvent>(ReasonCode.UnknownSnapshot, $"snapshot {solved.SnapshotId} has ended or never was");
        var events = ImmutableArray.CreateBuilder<IRouterEvent>();
        foreach (var older in state.Undecided.Keys.TakeWhile(id => id < solved.SnapshotId))
            events.Add(new SnapshotEnded(
                older, Ending.Superseded, ReasonCode.NewerDecided, $"snapshot {solved.SnapshotId} was decided first", at));

        if (Fault(solved.Result, snapshot) is { } fault)
            events.Add(new SnapshotEnded(solved.SnapshotId, Ending.Failed, ReasonCode.InvalidResult, fault, at));
        else
            Decide(state, solved, snapshot, options, at, events);
        return Decisions.Events(events.DrainToImmutable());
    }

    private static void Decide(
        RouterState state,
        SnapshotSolved solved,
        UndecidedSnapshot snapshot,
        RouterOptions options,
        DateTimeOffset at,
        ImmutableArray<IRouterEvent>.Builder events)
    {
        // Where nothing is to be gained there is nothing to execute, whatever the answer lists.
        var decided = new Decided(
            solved.SnapshotId, solved.Result, solved.Result.Status == ResultStatus.NoArbitrage ? [] : solved.Routes, snapshot.Slot + (ulong)options.ExpirySlots, at);
        events.Add(decided);
        if (solved.Result.Status == ResultStatus.NoArbitrage)
            events.Add(new SnapshotEnded(solved.SnapshotId, Ending.NoArbitrage, ReasonCode.NoArbitrage, "", at));
        else if (solved.Routes.IsEmpty)
            events.Add(new SnapshotEnded(
                solved.SnapshotId, Ending.Rejected,
                solved.Unrouted == ReasonCode.None ? ReasonCode.NoRoute : solved.Unrouted,
                $"a profit of {solved.Result.Profit} was found and no route of it can be executed", at));
        else if (!options.FollowsTape)
            EndWithheld(state, OpenOf(decided), snapshot.Slot, at, events);
    }

    /// <summary>Routes on pools that an earlier decision still holds end at once, whole chains at a time.</summary>
    private static void EndWithheld(
        RouterState state, OpenSolution solution, ulong slot, DateTimeOffset at, ImmutableArray<IRouterEvent>.Builder events)
    {
        var held = new Dictionary<int, PoolId>();
        foreach (var route in solution.Routes)
        {
            foreach (var leg in route.Legs)
            {
                if (state.Withheld.ContainsKey(leg.PoolId))
                    held.TryAdd(route.Chain, leg.PoolId);
            }
        }

        var outcomes = solution.Outcomes;
        foreach (var route in solution.Routes)
        {
            if (!held.TryGetValue(route.Chain, out var pool))
                continue;
            var outcome = NotExecuted(
                solution.SnapshotId, route, Ending.Rejected, ReasonCode.PoolWithheld,
                $"pool '{pool}' is withheld for an earlier trade", slot, at);
            events.Add(new RouteEnded(outcome));
            outcomes = outcomes.SetItem(route.Index, outcome);
        }

        if (outcomes.Count == solution.Routes.Length)
            events.Add(End(solution with { Outcomes = outcomes }, at));
    }

    private static Decision<IRouterEvent> Failed(RouterState state, SnapshotFailed failed, DateTimeOffset at) =>
        state.Undecided.ContainsKey(failed.SnapshotId)
            ? Decisions.Event<IRouterEvent>(new SnapshotEnded(failed.SnapshotId, Ending.Failed, failed.Reason, failed.Detail, at))
            : Decisions.Reject<IRouterEvent>(ReasonCode.UnknownSnapshot, $"snapshot {failed.SnapshotId} has ended or never was");

    private static Decision<IRouterEvent> Ended(RouterState state, TradeOutcome outcome, DateTimeOffset at)
    {
        if (!state.Open.TryGetValue(outcome.SnapshotId, out var solution)
            || !solution.Routes.Any(route => route.Index == outcome.RouteIndex))
            return Decisions.Reject<IRouterEvent>(
                ReasonCode.UnknownTrade, $"trade {outcome.TradeId} of snapshot {outcome.SnapshotId} has ended or never was");
        if (solution.Outcomes.ContainsKey(outcome.RouteIndex))
            return default;
        var after = solution with { Outcomes = solution.Outcomes.Add(outcome.RouteIndex, outcome) };
        var ended = new RouteEnded(outcome);
        return after.Outcomes.Count < after.Routes.Length
            ? Decisions.Event<IRouterEvent>(ended)
            : Decisions.Events<IRouterEvent>([ended, End(after, at)]);
    }

    /// <summary>Executed if any route took effect, else as its most profitable route ended.</summary>
    private static SnapshotEnded End(OpenSolution solution, DateTimeOffset at)
    {
        var executed = solution.Outcomes.Values.Count(outcome => outcome.Ending == Ending.Executed);
        if (executed > 0)
            return new SnapshotEnded(
                solution.SnapshotId, Ending.Executed, ReasonCode.None, $"{executed} of {solution.Routes.Length} routes", at);
        var best = solution.Routes[0];
        foreach (var route in solution.Routes)
        {
            if (route.Profit > best.Profit)
                best = route;
        }

        var outcome = solution.Outcomes[best.Index];
        return new SnapshotEnded(solution.SnapshotId, outcome.Ending, outcome.Reason, outcome.Detail, at);
    }

    private static TradeOutcome NotExecuted(
        SnapshotId id, Route route, Ending ending, ReasonCode reason, string detail, ulong slot, DateTimeOffset at) =>
        new(TradeId.Of(id, route.Index), id, route.Index, ending, reason, detail, [], 0, 0, slot, at);

    private static OpenSolution OpenOf(Decided decided) =>
        new(decided.SnapshotId, decided.Routes, ImmutableSortedDictionary<int, TradeOutcome>.Empty, decided.ExpirySlot, decided.At);

    /// <summary>What is wrong with an answer, or null. NaN and infinity stop here.</summary>
    private static string? Fault(MarketResult result, UndecidedSnapshot snapshot)
    {
        if (result.Status == ResultStatus.Invalid)
            return $"{result.Solver} could not solve the market";
        if (result.Prices.Length != snapshot.Tokens.Length)
            return $"{result.Prices.Length} prices for {snapshot.Tokens.Length} tokens";
        if (!double.IsFinite(result.Profit) || !double.IsFinite(result.UpperBound) || !double.IsFinite(result.Gap))
            return "profit, upper bound or gap is not a finite number";
        foreach (var price in result.Prices)
        {
            if (!double.IsFinite(price))
                return "a price is not a finite number";
        }

        return null;
    }
}
