using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Markets.Quotes;
using QTrade.Messages;
using QTrade.Messages.Routing;
using QTrade.Trading.Execution;
using Leg = QTrade.Messages.Routing.Leg;

namespace QTrade.Trading.Planning;

/// <summary>
/// Turns a solution's net trades into routes that can be executed: the flow is decomposed into cycles (Ford and Fulkerson, Flows in Networks,
/// 1962, I.2), widest first. A cycle starts and ends in a token of which there is working capital or holding, so that every tender
/// is covered by what the leg before received; it gives its capital back, and the next cycle uses it again. What is gained in one token and wanted
/// in another follows as open paths from what is owned. Amounts are exact quotes on the snapshot's pools, one route after the other.
/// </summary>
/// <remarks>A slice of a pool's trade is priced no worse than its end, whose price is the dual's: so each cycle gains, before costs, by itself.</remarks>
public static class RoutePlanner
{
    // What exact arithmetic holds.
    private const double LeastExact = 1e-18;
    private const double MostExact = 1e38;

    // Search costs grow with the tokens tried as start; the ones with most flow are those that funds are in.
    private const int StartsTried = 8;

    // The widest paths are not always the ones that earn most: so many times more are looked at than may be kept.
    private const int RoutesTried = 4;

    /// <summary>The routes of a result, as the options ask for them. A pure function.</summary>
    public static RoutePlan Plan(Market market, MarketResult result, RouteOptions options)
    {
        if (result.Status is ResultStatus.NoArbitrage or ResultStatus.Invalid || result.Trades.IsEmpty)
            return new RoutePlan([], ReasonCode.NoRoute);
        var plan = new PlanInProgress(market, PoolFlows.Of(market, result), options);
        var tries = RoutesTried * options.RoutesMax + plan.Flows.Count;
        for (var attempt = 0; attempt < tries && plan.Routes.Count < RoutesTried * options.RoutesMax; attempt++)
        {
            if (Widest(plan) is not { } path)
                break;
            plan.Take(path);
        }

        if (plan.Routes.Count > options.RoutesMax)
            plan = BestOf(plan, market, result, options);
        return new RoutePlan(plan.Routes.ToImmutable(), plan.Routes.Count > 0 ? ReasonCode.None : plan.WhyNone);
    }

    /// <summary>The chains that earn most, quoted again in the same order, now that the others are not before them.</summary>
    private static PlanInProgress BestOf(PlanInProgress all, Market market, MarketResult result, RouteOptions options)
    {
        var plan = new PlanInProgress(market, PoolFlows.Of(market, result), options);
        var chosen = new List<int>();
        var routes = 0;
        foreach (var chain in Enumerable.Range(0, all.Kept.Count).OrderByDescending(chain => all.Kept[chain].Profit).ThenBy(chain => chain))
        {
            if (routes + all.Kept[chain].Routes > options.RoutesMax)
                continue;
            routes += all.Kept[chain].Routes;
            chosen.Add(chain);
        }

        foreach (var chain in chosen.Order())
        {
            var kept = all.Kept[chain];
            ImmutableArray<PoolFlow> flows = [.. kept.Flows.Select(flow => plan.Flows[flow])];
            var available = kept.Cycle ? plan.Available(flows[0].TokenIn) : plan.Owned(flows[0].TokenIn);
            if (available > 0)
                plan.Take(new FlowPath(flows, Math.Min(kept.Start, available), available, null));
        }

        return plan;
    }

    /// <summary>A cycle of one transaction; else a longer one, in linked transactions; else a path out of what is owned.</summary>
    private static FlowPath? Widest(PlanInProgress plan)
    {
        var options = plan.Options;
        var starts = plan.Starts(StartsTried);
        var path = First(starts, start => plan.Cycle(start, linked: false));
        if (path is null && options.LinkedRoutesMax > 1)
            path = First(starts, start => plan.Cycle(start, linked: true));
        return path ?? First(starts, plan.Open);
    }

    private static FlowPath? First(ImmutableArray<int> starts, Func<int, FlowPath?> find)
    {
        foreach (var start in starts)
        {
            if (find(start) is { } path)
                return path;
        }

        return null;
    }

    /// <summary>A chain that was kept: its flows by index, what it started with, and what it earned after costs.</summary>
    private readonly record struct KeptChain(ImmutableArray<int> Flows, double Start, bool Cycle, int Routes, double Profit);

    private sealed class PlanInProgress
    {
        private readonly Market market;
        private readonly Pool[] pools;
        private readonly AmountGrid[] grids;
        private readonly double[] balances;
        private readonly PathSearch search;
        private readonly bool[] barren;

        // Flows only ever close: a token that is on no cycle will be on none.
        private readonly bool[] onNoCycle;
        private readonly bool[] onNoLinkedCycle;

        public PlanInProgress(Market market, List<PoolFlow> flows, RouteOptions options)
        {
            this.market = market;
            Flows = flows;
            Options = options;
            pools = [.. market.Pools];
            grids = [.. market.Tokens.Select(token => AmountGrid.Of(market.Units, token))];
            balances = [.. market.Tokens.Select(token => token.Holding)];
            barren = new bool[market.Tokens.Length];
            onNoCycle = new bool[market.Tokens.Length];
            onNoLinkedCycle = new bool[market.Tokens.Length];
            search = new PathSearch(market.Tokens.Length, flows);
        }

        public List<PoolFlow> Flows { get; }

        public RouteOptions Options { get; }

        public ImmutableArray<Route>.Builder Routes { get; } = ImmutableArray.CreateBuilder<Route>();

        public List<KeptChain> Kept { get; } = [];

        public ReasonCode WhyNone { get; private set; } = ReasonCode.NoRoute;

        public double Value(int token) => market.Tokens[token].Value;

        /// <summary>Holding and what earlier routes gained.</summary>
        public double Owned(int token) => Math.Max(0, balances[token]);

        /// <summary>What a cycle may start with: owned, and working capital that it gives back.</summary>
        public double Available(int token) =>
            Math.Max(0, balances[token] + (Value(token) > 0 ? Options.WorkingCapital / Value(token) : 0));

        /// <summary>The widest cycle from a token, of as many legs as one transaction, or as the linked ones of a chain hold.</summary>
        public FlowPath? Cycle(int start, bool linked)
        {
            var none = linked ? onNoLinkedCycle : onNoCycle;
            if (none[start])
                return null;
            var path = search.Cycle(start, Available(start), linked ? Options.LegsMax * Options.LinkedRoutesMax : Options.LegsMax);
            none[start] = path is null;
            return path;
        }

        /// <summary>The path from what is owned of a token to the valued token where most value arrives.</summary>
        public FlowPath? Open(int start) => Owned(start) > 0 ? search.Open(start, Owned(start), Options.LegsMax, Value) : null;

        /// <summary>Tokens that a path may start in, those with most flow first, by their value.</summary>
        public ImmutableArray<int> Starts(int most)
        {
            var turnover = new double[market.Tokens.Length];
            foreach (var flow in Flows)
            {
                if (flow.IsOpen && !barren[flow.TokenIn] && Available(flow.TokenIn) > 0)
                    turnover[flow.TokenIn] += flow.Tender * Math.Max(Value(flow.TokenIn), double.Epsilon);
            }

            return
            [
                .. Enumerable.Range(0, turnover.Length).Where(token => turnover[token] > 0)
                    .OrderByDescending(token => turnover[token]).ThenBy(token => token).Take(most),
            ];
        }

        /// <summary>Quotes a path and keeps it as a chain of routes where it profits after costs; its flow is used up either way.</summary>
        public void Take(FlowPath path)
        {
            var legs = ImmutableArray.CreateBuilder<Leg>(path.Flows.Length);
            var after = new (int Pool, Pool State)[path.Flows.Length];
            var grid = grids[path.Flows[0].TokenIn];
            double amount = Math.Min(Step(grid, path.Start), grid.Down(Exact(path.Available))), profit = 0;
            for (var i = 0; i < path.Flows.Length; i++)
            {
                var flow = path.Flows[i];
                var tender = Math.Min(amount, Step(grids[flow.TokenIn], flow.Tender));
                var error = ExactSwap.Quote(
                    StateOf(flow.Pool, after.AsSpan(0, i)), flow.SlotIn, flow.SlotOut, tender, flow.Receive,
                    grids[flow.TokenIn], grids[flow.TokenOut], out var quote);
                if (error != QuoteError.None || !(quote.ReceiveOut > 0))
                {
                    GiveUp(path, tender > 0 && error != QuoteError.None ? flow : path.Narrowest);
                    return;
                }

                after[i] = (flow.Pool, StateOf(flow.Pool, after.AsSpan(0, i)) with { Curve = quote.After, Venue = quote.VenueAfter });
                legs.Add(new Leg(
                    pools[flow.Pool].Id, market.Tokens[flow.TokenIn].Id, market.Tokens[flow.TokenOut].Id, quote.TenderIn, quote.ReceiveOut));
                profit += quote.ReceiveOut * Value(flow.TokenOut) - quote.TenderIn * Value(flow.TokenIn);
                amount = quote.ReceiveOut;
            }

            for (var i = 0; i < legs.Count; i++)
                path.Flows[i].Use(legs[i].Tender, legs[i].Receive);
            Keep(path, legs.ToImmutable(), after, profit);
        }

        /// <summary>Down to a step, but for an optimum that asks for less than the least amount there is.</summary>
        private static double Step(AmountGrid grid, double amount) =>
            grid.Down(Exact(amount)) is > 0 and var step ? step : grid.Up(Exact(amount));

        /// <summary>The nearest amount that exact arithmetic holds: a solver's dust lies below, capital in a token of no value above.</summary>
        private static double Exact(double amount) => Math.Clamp(amount, LeastExact, MostExact);

        /// <summary>A pool that gives no quote is out; so is a flow, or a start, that has too little left for a step of every amount.</summary>
        private void GiveUp(FlowPath path, PoolFlow? culprit)
        {
            if (culprit is null)
                barren[path.Flows[0].TokenIn] = true;
            else
                culprit.Close();
        }

        private void Keep(FlowPath path, ImmutableArray<Leg> legs, (int Pool, Pool State)[] after, double profit)
        {
            var parts = (legs.Length + Options.LegsMax - 1) / Options.LegsMax;
            var cost = parts * Options.CostPerRoute + legs.Length * Options.CostPerLeg;
            if (!(profit - cost > 0) || profit - cost < Options.ProfitMin)
            {
                WhyNone = ReasonCode.BelowCosts;
                return;
            }

            foreach (var (pool, state) in after)
                pools[pool] = state;
            Array.Clear(barren);
            for (var i = 0; i < legs.Length; i++)
            {
                balances[path.Flows[i].TokenIn] -= legs[i].Tender;
                balances[path.Flows[i].TokenOut] += legs[i].Receive;
            }

            var chain = Kept.Count;
            Kept.Add(new KeptChain(
                [.. path.Flows.Select(flow => flow.Index)],
                legs[0].Tender,
                path.Flows[0].TokenIn == path.Flows[^1].TokenOut,
                parts,
                profit - cost));
            for (var part = 0; part < parts; part++)
            {
                int from = part * legs.Length / parts, to = (part + 1) * legs.Length / parts;
                Routes.Add(new Route(
                    Routes.Count, chain, legs[from..to], part == parts - 1 ? profit : 0, Options.Cost(to - from)));
            }
        }

        /// <summary>A pool as it is after the legs quoted so far.</summary>
        private Pool StateOf(int pool, ReadOnlySpan<(int Pool, Pool State)> after)
        {
            for (var i = after.Length - 1; i >= 0; i--)
            {
                if (after[i].Pool == pool)
                    return after[i].State;
            }

            return pools[pool];
        }
    }
}
