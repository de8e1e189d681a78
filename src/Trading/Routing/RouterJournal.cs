using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Messages;
using QTrade.Messages.Execution;
using QTrade.Messages.Routing;
using QTrade.Trading.Ledgers;

namespace QTrade.Trading.Routing;

/// <summary>What the router's events do to its state.</summary>
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
            foreach (var pool in cut.Pools)
                withheld = withheld.Remove(pool.PoolId);
        }

        ImmutableArray<TokenId> tokens = [.. cut.Tokens.Select(token => token.TokenId)];
        return state with
        {
            Number = handedOut.SnapshotId.Number,
            LastHandOut = cut,
            Undecided = state.Undecided.Add(
                handedOut.SnapshotId, new UndecidedSnapshot(handedOut.Slot, tokens, handedOut.At)),
            Withheld = withheld,
            Snapshots = state.Snapshots.HandOut(handedOut.SnapshotId),
        };
    }

    private static RouterState Apply(RouterState state, Decided decided)
    {
        var snapshot = state.Undecided[decided.SnapshotId];
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
                : state.Open.Add(decided.SnapshotId, new OpenSolution(
                    decided.SnapshotId,
                    decided.Routes,
                    ImmutableSortedDictionary<int, TradeOutcome>.Empty,
                    decided.ExpirySlot,
                    decided.At)),
            LastDecision = state.LastDecision is { } last && last.SnapshotId > decided.SnapshotId
                ? last
                : new LastDecision(decided.SnapshotId, snapshot.Tokens, decided.Result),
            Withheld = withheld,
            Routes = routes,
            Profit = state.Profit + decided.Routes.Sum(route => route.Profit - route.Cost),
        };
    }

    private static RouterState Apply(RouterState state, TradeOutcome outcome)
    {
        var solution = state.Open[outcome.SnapshotId];
        return state with
        {
            Open = state.Open.SetItem(
                outcome.SnapshotId, solution with { Outcomes = solution.Outcomes.Add(outcome.RouteIndex, outcome) }),
            Withheld = Release(state.Withheld, solution.Routes.First(route => route.Index == outcome.RouteIndex), outcome),
            Routes = state.Routes.End(outcome.TradeId, outcome.Ending),
            Reasons = outcome.Ending == Ending.Executed
                ? state.Reasons
                : state.Reasons.Add(new ReasonedRefusal(
                    $"route {outcome.SnapshotId}/{outcome.RouteIndex}", outcome.Reason, outcome.Detail, outcome.At)),
        };
    }

    private static ImmutableDictionary<PoolId, WithheldPool> Release(
        ImmutableDictionary<PoolId, WithheldPool> withheld, Route route, TradeOutcome outcome)
    {
        foreach (var leg in route.Legs)
        {
            if (!withheld.TryGetValue(leg.PoolId, out var pool))
                continue;
            var live = pool.Live.Remove(outcome.TradeId);
            var after = pool.After;
            foreach (var settled in outcome.Legs)
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
        var hadRoutes = state.Open.ContainsKey(ended.SnapshotId);
        return state with
        {
            Undecided = state.Undecided.Remove(ended.SnapshotId),
            Open = state.Open.Remove(ended.SnapshotId),
            Snapshots = state.Snapshots.End(ended.SnapshotId, ended.Ending),
            Reasons = hadRoutes
                ? state.Reasons
                : state.Reasons.Add(new ReasonedRefusal($"snapshot {ended.SnapshotId}", ended.Reason, ended.Detail, ended.At)),
        };
    }
}
