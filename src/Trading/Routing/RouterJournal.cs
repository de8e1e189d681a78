using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Messages;
using QTrade.Messages.Execution;
using QTrade.Messages.Routing;
using QTrade.Trading.Ledgers;

namespace QTrade.Trading.Routing;

/// <summary>
/// What the router's events do to its state. Events may be missing between them, lost to a damaged journal: what is told of a snapshot or
/// a route whose beginning was lost is passed over, so that the ledgers count neither its beginning nor its end.
/// </summary>
public static class RouterJournal
{
    public static RouterState Apply(RouterState state, IRouterEvent change) => change switch
    {
        EpochStarted started => state with { Epoch = started.Epoch, Number = 0, LastHandOut = null },
        SnapshotHandedOut handedOut => Apply(state, handedOut),
        Decided decided => Apply(state, decided),
        RouteEnded ended => Apply(state, ended.Outcome),
        SnapshotEnded ended => Apply(state, ended),
        _ => throw new ArgumentOutOfRangeException(nameof(change), change.GetType().Name, "not an event of the router"),
    };

    private static RouterState Apply(RouterState state, SnapshotHandedOut handedOut)
    {
        var cut = Cuts.Resolve(state.LastHandOut, handedOut);
        var withheld = state.Withheld;
        if (!withheld.IsEmpty)
        {
            // A pool of the cut is withheld no more: a later position was observed.
            foreach (var pool in cut?.Pools ?? handedOut.Cut.Pools)
                withheld = withheld.Remove(pool.PoolId);
        }

        // Without the cut that it builds on nothing is known of the tokens: no later solve begins from its prices.
        ImmutableArray<TokenId> tokens = cut is null ? [] : [.. cut.Tokens.Select(token => token.TokenId)];
        return state with
        {
            Number = handedOut.SnapshotId.Number,
            LastHandOut = cut,
            Undecided = state.Undecided.SetItem(
                handedOut.SnapshotId, new UndecidedSnapshot(handedOut.Slot, tokens, handedOut.At, handedOut.TapeCut)),
            Withheld = withheld,
            Snapshots = state.Snapshots.HandOut(handedOut.SnapshotId),
            Tape = handedOut.TapeCut > 0 ? handedOut.Tape : state.Tape,
        };
    }

    private static RouterState Apply(RouterState state, Decided decided)
    {
        if (!state.Undecided.TryGetValue(decided.SnapshotId, out var snapshot))
            return state;
        var withheld = state.Withheld;
        var routes = state.Routes;
        foreach (var route in decided.Routes)
        {
            var trade = TradeId.Of(decided.SnapshotId, route.Index);
            routes = routes.HandOut(trade);
            foreach (var leg in route.Legs)
            {
                var pool = withheld.GetValueOrDefault(leg.PoolId) ?? new WithheldPool([], null);
                withheld = withheld.SetItem(leg.PoolId, pool with { Live = pool.Live.Add(trade) });
            }
        }

        return state with
        {
            Undecided = state.Undecided.Remove(decided.SnapshotId),
            Open = decided.Routes.IsEmpty
                ? state.Open
                : state.Open.SetItem(decided.SnapshotId, new OpenSolution(
                    decided.SnapshotId,
                    decided.Routes,
                    ImmutableSortedDictionary<int, TradeOutcome>.Empty,
                    decided.ExpirySlot,
                    decided.At)),
            LastDecision = snapshot.Tokens.IsEmpty || (state.LastDecision is { } last && last.SnapshotId > decided.SnapshotId)
                ? state.LastDecision
                : new LastDecision(decided.SnapshotId, snapshot.Tokens, decided.Result),
            Withheld = withheld,
            Routes = routes,
            Profit = state.Profit + decided.Routes.Sum(route => route.Profit - route.Cost),
            TapeCut = Math.Max(state.TapeCut, snapshot.TapeCut),
        };
    }

    private static RouterState Apply(RouterState state, TradeOutcome outcome)
    {
        if (!state.Open.TryGetValue(outcome.SnapshotId, out var solution) || !solution.Remaining.Any(route => route.Index == outcome.RouteIndex))
            return state;
        return state with
        {
            Open = state.Open.SetItem(
                outcome.SnapshotId, solution with { Outcomes = solution.Outcomes.Add(outcome.RouteIndex, outcome) }),
            Withheld = Release(
                state.Withheld, solution.Routes.First(route => route.Index == outcome.RouteIndex), outcome.TradeId, outcome.Legs),
            Routes = state.Routes.End(outcome.TradeId, outcome.Ending),
            Reasons = outcome.Ending == Ending.Executed
                ? state.Reasons
                : state.Reasons.Add(new ReasonedRefusal(
                    $"route {outcome.SnapshotId}/{outcome.RouteIndex}", outcome.Reason, outcome.Detail, outcome.At)),
        };
    }

    private static ImmutableDictionary<PoolId, WithheldPool> Release(
        ImmutableDictionary<PoolId, WithheldPool> withheld, Route route, TradeId trade, ImmutableArray<SettledLeg> legs)
    {
        foreach (var leg in route.Legs)
        {
            if (!withheld.TryGetValue(leg.PoolId, out var pool))
                continue;
            var live = pool.Live.Remove(trade);
            var after = pool.After;
            foreach (var settled in legs)
            {
                if (settled.PoolId == leg.PoolId && (after is not { } known || settled.At.CompareTo(known) == PositionOrder.Newer))
                    after = settled.At;
            }

            withheld = live.IsEmpty && after is null
                ? withheld.Remove(leg.PoolId)
                : withheld.SetItem(leg.PoolId, new WithheldPool(live, after));
        }

        return withheld;
    }

    private static RouterState Apply(RouterState state, SnapshotEnded ended)
    {
        if (!state.Snapshots.InFlight.Contains(ended.SnapshotId))
            return state;
        var hadRoutes = state.Open.TryGetValue(ended.SnapshotId, out var solution);
        var (withheld, routes) = (state.Withheld, state.Routes);
        foreach (var route in solution?.Remaining ?? [])
        {
            // Its own end was lost.
            var trade = TradeId.Of(ended.SnapshotId, route.Index);
            withheld = Release(withheld, route, trade, []);
            routes = routes.End(trade, ended.Ending);
        }

        return state with
        {
            Withheld = withheld,
            Routes = routes,
            Undecided = state.Undecided.Remove(ended.SnapshotId),
            Open = state.Open.Remove(ended.SnapshotId),
            Snapshots = state.Snapshots.End(ended.SnapshotId, ended.Ending),
            TapeCut = Math.Max(state.TapeCut, TapeCutOf(state, ended)),
            Reasons = hadRoutes
                ? state.Reasons
                : state.Reasons.Add(new ReasonedRefusal($"snapshot {ended.SnapshotId}", ended.Reason, ended.Detail, ended.At)),
        };
    }

    /// <summary>A cut that the solver failed on is over: it fails on it again. One that was lost with its router or its optimizers is not: it is handed out again.</summary>
    private static long TapeCutOf(RouterState state, SnapshotEnded ended) =>
        ended.Reason is ReasonCode.Restarted or ReasonCode.EventsLost or ReasonCode.SolverTimedOut ? 0 : state.Undecided.GetValueOrDefault(ended.SnapshotId)?.TapeCut ?? 0;
}
