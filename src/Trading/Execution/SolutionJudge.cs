using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Messages;
using QTrade.Messages.Execution;
using QTrade.Messages.Routing;
using QTrade.Trading.Routing;

namespace QTrade.Trading.Execution;

/// <summary>
/// Decides on each route of a solution when its turn comes: re-quoted exactly on the executor's own newest view, one route after the other,
/// and intended only if it still profits after costs and keeps every limit; otherwise ended with the reason (law 5, law 7).
/// </summary>
public static class SolutionJudge
{
    /// <summary>
    /// One command per route, in the routes' order, none for those under way already (solutions may arrive twice). Linked routes are
    /// intended together or not at all: beside one that is under way the others are over, or end.
    /// </summary>
    /// <param name="state">Trading state, limits and balances.</param>
    /// <param name="desk">Trades under way. Not changed.</param>
    /// <param name="pools">The newest view with our own swaps. Not changed.</param>
    /// <param name="solution">The routes.</param>
    /// <param name="terms">Units, costs, least profit, working capital.</param>
    /// <param name="newestSlot">Newest slot seen.</param>
    /// <param name="at">The time.</param>
    public static ImmutableArray<ITradeMessage> Judge(
        ExecutorState state,
        ExecutionDesk desk,
        IPoolStates pools,
        ExecuteSolution solution,
        ExecutionTerms terms,
        ulong newestSlot,
        DateTimeOffset at)
    {
        var commands = ImmutableArray.CreateBuilder<ITradeMessage>(solution.Routes.Length);
        var scratch = new PoolOverlay(pools);
        var balances = ExecutorRules.Add(state.Balances, desk.Spending(state.Tallied.Contains));
        for (var first = 0; first < solution.Routes.Length;)
        {
            var end = first + 1;
            while (end < solution.Routes.Length && solution.Routes[end].Chain == solution.Routes[first].Chain)
                end++;
            var chain = solution.Routes[first..end];
            first = end;
            if (chain.Any(route => IsLive(desk, solution, route)))
            {
                commands.AddRange(chain.Where(route => !IsLive(desk, solution, route)).Select(
                    route => new EndTrade(Outcome(solution, route, new Rejection(ReasonCode.NotIntended, "a linked route is under way without it"), newestSlot, at))));
                continue;
            }

            var attempt = new PoolOverlay(scratch);
            var rejection = Refuse(state, desk, solution, chain, newestSlot)
                ?? Quote(state, balances, chain, attempt, terms, out _);
            if (rejection is { } refused)
                commands.AddRange(chain.Select(route => new EndTrade(Outcome(solution, route, refused, newestSlot, at))));
            else
            {
                Quote(state, balances, chain, scratch, terms, out var quoted);
                balances = ExecutorRules.Add(balances, ExecutorRules.Flows(quoted.Legs));
                commands.AddRange(Intents(solution, chain, quoted, at));
            }
        }

        return commands.DrainToImmutable();
    }

    private static bool IsLive(ExecutionDesk desk, ExecuteSolution solution, Route route) => desk.IsLive(TradeId.Of(solution.SnapshotId, route.Index));

    private static Rejection? Refuse(
        ExecutorState state, ExecutionDesk desk, ExecuteSolution solution, ImmutableArray<Route> chain, ulong newestSlot)
    {
        if (newestSlot > solution.ExpirySlot)
            return new Rejection(ReasonCode.Expired, $"slot {newestSlot} was seen, its expiry was {solution.ExpirySlot}");
        if (state.TradingState == TradingState.Halted)
            return new Rejection(ReasonCode.Halted, $"trading is halted: {state.StateReason.Reason} {state.StateReason.Detail}");
        foreach (var route in chain)
        {
            foreach (var leg in route.Legs)
            {
                if (desk.Newest(leg.PoolId) is { } newer && newer > solution.SnapshotId)
                    return new Rejection(ReasonCode.SupersededByNewer, $"snapshot {newer} trades pool '{leg.PoolId}' already");
                if (desk.IsLive(leg.PoolId) && desk.Newest(leg.PoolId) != solution.SnapshotId)
                    return new Rejection(ReasonCode.PoolWithheld, $"a trade on pool '{leg.PoolId}' is under way");
            }
        }

        return null;
    }

    private static Rejection? Quote(
        ExecutorState state,
        ImmutableSortedDictionary<TokenId, double> balances,
        ImmutableArray<Route> chain,
        PoolOverlay pools,
        ExecutionTerms terms,
        out QuotedChain quoted)
    {
        quoted = new QuotedChain([], 0);
        ImmutableArray<Leg> legs = [.. chain.SelectMany(route => route.Legs)];
        if (legs.IsEmpty)
            return new Rejection(ReasonCode.NoRoute, "a route without legs");
        if (LegQuotes.Quote(legs, passOn: true, pools, terms.Units, out var settled) is { } rejection)
            return rejection;
        var flows = ExecutorRules.Flows(settled);
        var profit = ExecutorRules.Worth(flows, pools);
        quoted = new QuotedChain(settled, profit);

        var cost = chain.Sum(route => terms.Routes.Cost(route.Legs.Length));
        if (!(profit - cost > 0) || profit - cost < terms.Routes.ProfitMin)
            return new Rejection(
                ReasonCode.PoolMoved, $"profit {profit} after costs {cost} where {chain.Sum(route => route.Profit)} was planned");
        return CheckStake(state, balances, settled[0], pools, terms) ?? CheckReducing(state, balances, flows, pools);
    }

    /// <summary>What the first leg takes must be there, and may not be more than the limit.</summary>
    private static Rejection? CheckStake(
        ExecutorState state,
        ImmutableSortedDictionary<TokenId, double> balances,
        SettledLeg first,
        PoolOverlay pools,
        ExecutionTerms terms)
    {
        if (!pools.TryToken(first.TokenIn, out var token))
            return new Rejection(ReasonCode.UnknownToken, $"token '{first.TokenIn}' is not registered");
        var funds = token.Holding + balances.GetValueOrDefault(first.TokenIn)
            + (token.Value > 0 ? terms.Routes.WorkingCapital / token.Value : 0);
        if (first.Tender > funds)
            return new Rejection(ReasonCode.InsufficientCapital, $"{first.Tender} {first.TokenIn} needed, {funds} there");
        var notional = first.Tender * token.Value;
        return notional > state.Limits.NotionalMax
            ? new Rejection(ReasonCode.NotionalLimit, $"notional of {notional} passes the limit of {state.Limits.NotionalMax}")
            : null;
    }

    /// <summary>In REDUCING only what lowers the absolute value of holdings goes through.</summary>
    private static Rejection? CheckReducing(
        ExecutorState state,
        ImmutableSortedDictionary<TokenId, double> balances,
        ImmutableSortedDictionary<TokenId, double> flows,
        PoolOverlay pools)
    {
        if (state.TradingState != TradingState.Reducing)
            return null;
        double before = 0, after = 0;
        foreach (var (id, flow) in flows)
        {
            if (!pools.TryToken(id, out var token))
                continue;
            var balance = balances.GetValueOrDefault(id) + token.Holding;
            before += Math.Abs(balance) * token.Value;
            after += Math.Abs(balance + flow) * token.Value;
        }

        return after < before
            ? null
            : new Rejection(ReasonCode.Reducing, $"holdings of {before} would become {after}, and trading is reducing");
    }

    private static IEnumerable<IntendTrade> Intents(
        ExecuteSolution solution, ImmutableArray<Route> chain, QuotedChain quoted, DateTimeOffset at)
    {
        var leg = 0;
        ImmutableArray<int> linked = chain.Length > 1 ? [.. chain.Select(route => route.Index)] : [];
        foreach (var route in chain)
        {
            var legs = quoted.Legs.AsSpan(leg, route.Legs.Length).ToImmutableArray();
            leg += route.Legs.Length;
            yield return new IntendTrade(new TradeIntent(
                TradeId.Of(solution.SnapshotId, route.Index),
                solution.SnapshotId,
                route.Index,
                legs,
                leg == quoted.Legs.Length ? quoted.Profit : 0,
                route.Cost,
                solution.ExpirySlot,
                [],
                at) { LinkedRoutes = linked });
        }
    }

    private static TradeOutcome Outcome(
        ExecuteSolution solution, Route route, Rejection rejection, ulong newestSlot, DateTimeOffset at) =>
        new(
            TradeId.Of(solution.SnapshotId, route.Index),
            solution.SnapshotId,
            route.Index,
            rejection.Code switch
            {
                ReasonCode.Expired => Ending.Expired,
                ReasonCode.SupersededByNewer => Ending.Superseded,
                _ => Ending.Rejected,
            },
            rejection.Code,
            rejection.Detail ?? "",
            [],
            0,
            0,
            newestSlot,
            at);

    private readonly record struct QuotedChain(ImmutableArray<SettledLeg> Legs, double Profit);
}
