using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Markets.Quotes;
using QTrade.Messages;
using QTrade.Messages.Routing;
using QTrade.Trading.Execution;
using QTrade.Trading.Problems;
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
    private const int LeastLegs = 2;

    /// <summary>The routes of a solved market, as the options ask for them. A pure function.</summary>
    public static RoutePlan Plan(SolvedMarket solved, RouteOptions options)
    {
        if (solved.Result.Status is ResultStatus.NoArbitrage or ResultStatus.Invalid || solved.Solution.Trades.IsEmpty)
            return new RoutePlan([], ReasonCode.NoRoute);
        var flows = PoolFlows.Of(solved.Problem, solved.Solution);
        var (market, prices) = (solved.Market, solved.Solution.Prices);
        var plan = new PlanInProgress(market, prices, flows, options);
        var tries = RoutesTried * options.RoutesMax + flows.Count;
        for (var attempt = 0; attempt < tries && plan.Routes.Count < RoutesTried * options.RoutesMax; attempt++)
        {
            if (!plan.CanEarnMore() || Widest(plan) is not { } path)
                break;
            plan.Take(path);
        }

        if (plan.Routes.Count > options.RoutesMax)
        {
            var best = BestOf(plan, market, prices, flows, options);
            var (first, profit) = plan.First();

            // A chain may have begun with what one that was not chosen had gained.
            if (!(best.Profit() >= profit))
                return new RoutePlan(first, ReasonCode.None);
            plan = best;
        }

        return new RoutePlan(plan.Routes.ToImmutable(), plan.Routes.Count > 0 ? ReasonCode.None : plan.WhyNone);
    }

    /// <summary>The chains that earn most, quoted again in the same order, now that the others are not before them.</summary>
    private static PlanInProgress BestOf(PlanInProgress all, Market market, ImmutableArray<double> prices, List<PoolFlow> flows, RouteOptions options)
    {
        var plan = new PlanInProgress(market, prices, flows, options);
        foreach (var chain in all.Best(out _).Order())
        {
            var kept = all.Kept[chain];
            var start = plan.Flows[kept.Flows[0]].TokenIn;
            var available = kept.Cycle ? plan.Available(start) : plan.Owned(start);
            if (available > 0)
                plan.Take(new FlowPath(kept.Flows, Math.Min(kept.Start, available), available, -1), kept.Legs);
        }

        return plan;
    }

    /// <summary>A cycle of one transaction; else a longer one, in linked transactions; else a path out of what is owned.</summary>
    private static FlowPath? Widest(PlanInProgress plan)
    {
        var options = plan.Options;
        ReadOnlySpan<int> starts = plan.Starts(stackalloc int[StartsTried]);
        foreach (var start in starts)
        {
            if (plan.Cycle(start, linked: false) is { } cycle)
                return cycle;
        }

        for (var i = 0; i < starts.Length && options.LinkedRoutesMax > 1; i++)
        {
            if (plan.Cycle(starts[i], linked: true) is { } cycle)
                return cycle;
        }

        foreach (var start in starts)
        {
            if (plan.Open(start) is { } path)
                return path;
        }

        return null;
    }

    /// <summary>A chain that was kept: its flows by index, its legs, what it started with, and what it earned after costs.</summary>
    private readonly record struct KeptChain(int[] Flows, QuotedLeg[] Legs, double Start, bool Cycle, int Routes, double Profit);

    /// <summary>A leg with what it was quoted for: the pool as it was before, what was tendered and planned to be received; and the pool after it.</summary>
    private readonly record struct QuotedLeg(int Pool, Pool Before, double Tender, double Receive, Pool After, Leg Leg);

    private sealed class PlanInProgress
    {
        private readonly Market market;
        private readonly Pool[] pools;
        private readonly AmountGrid[] grids;
        private readonly double[] balances;
        private readonly double[] values;
        private readonly double[] capital;
        private readonly ImmutableArray<double> prices;
        private readonly PathSearch search;
        private readonly bool[] barren;

        // Tokens that an open flow takes, or did when they were last looked at, in order.
        private readonly int[] taken;
        private int takenCount;

        // Flows only ever close: a token that is on no cycle will be on none.
        private readonly bool[] onNoCycle;
        private readonly bool[] onNoLinkedCycle;

        // Kept chains, those that earn most first; what the least of the best earns while there are as many as there may be: what earns less is not looked for, though a long chain that
        // displaces several short ones could leave room for it.
        private readonly List<int> byProfit = [];
        private double leastOfBest;

        // Below 0 where it has to be added up anew.
        private double gainOfOwned = -1;

        public PlanInProgress(Market market, ImmutableArray<double> prices, List<PoolFlow> flows, RouteOptions options)
        {
            var tokens = market.Tokens.Length;
            this.market = market;
            this.prices = prices;
            Flows = new OpenFlows(flows, prices);
            Options = options;
            pools = market.Pools.ToArray();
            grids = new AmountGrid[tokens];
            balances = new double[tokens];
            values = new double[tokens];
            capital = new double[tokens];
            for (var token = 0; token < tokens; token++)
            {
                grids[token] = AmountGrid.Of(market.Units, market.Tokens[token]);
                balances[token] = market.Tokens[token].Holding;
                values[token] = market.Tokens[token].Value;
                capital[token] = values[token] > 0 ? options.WorkingCapital / values[token] : 0;
            }

            barren = new bool[tokens];
            taken = new int[tokens];
            for (var token = 0; token < tokens; token++)
            {
                if (Flows.Turnover(token) > 0)
                    taken[takenCount++] = token;
            }

            // What a cycle gains in a token without value is worth nothing.
            onNoCycle = Array.ConvertAll(values, value => !(value > 0));
            onNoLinkedCycle = Array.ConvertAll(values, value => !(value > 0));
            search = new PathSearch(Flows, values);
        }

        public OpenFlows Flows { get; }

        public RouteOptions Options { get; }

        public ImmutableArray<Route>.Builder Routes { get; } = ImmutableArray.CreateBuilder<Route>();

        public List<KeptChain> Kept { get; } = [];

        public double Profit() => Kept.Sum(chain => chain.Profit);

        /// <summary>The first routes, of whole chains, as many as there may be; what they earn.</summary>
        public (ImmutableArray<Route> Routes, double Profit) First()
        {
            var (count, profit) = (0, 0.0);
            foreach (var chain in Kept)
            {
                if (count + chain.Routes > Options.RoutesMax)
                    break;
                count += chain.Routes;
                profit += chain.Profit;
            }

            return ([.. Routes.Take(count)], profit);
        }

        /// <summary>The chains that earn most, as many as there may be routes; whether those are all that there may be.</summary>
        public List<int> Best(out bool isFull)
        {
            var (best, routes) = (new List<int>(), 0);
            foreach (var chain in byProfit)
            {
                if (routes + Kept[chain].Routes > Options.RoutesMax)
                    continue;
                routes += Kept[chain].Routes;
                best.Add(chain);
            }

            isFull = routes == Options.RoutesMax;
            return best;
        }

        public ReasonCode WhyNone { get; private set; } = ReasonCode.NoRoute;

        public double Value(int token) => values[token];

        /// <summary>
        /// Whether what is left could earn the costs of a route, and more than the least of the best. No path earns more than flows gain at the dual prices and holdings are worth more at those than at
        /// their values, as no token is worth more than its dual price.
        /// </summary>
        public bool CanEarnMore()
        {
            if (Flows.GainMoreThan(Options.Cost(LeastLegs) + Math.Max(Options.ProfitMin, leastOfBest) - GainOfOwned()))
                return true;
            WhyNone = ReasonCode.BelowCosts;
            return false;
        }

        /// <summary>What is owned is worth so much more at the dual prices; it changes with every route that is kept.</summary>
        private double GainOfOwned()
        {
            if (gainOfOwned >= 0)
                return gainOfOwned;
            gainOfOwned = 0;
            for (var token = 0; token < values.Length; token++)
                gainOfOwned += Owned(token) * Math.Max(0, prices[token] - values[token]);
            return gainOfOwned;
        }

        /// <summary>Holding and what earlier routes gained.</summary>
        public double Owned(int token) => Math.Max(0, balances[token]);

        /// <summary>What a cycle may start with: owned, and working capital that it gives back.</summary>
        public double Available(int token) => Math.Max(0, balances[token] + capital[token]);

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
        public FlowPath? Open(int start) => Owned(start) > 0 ? search.Open(start, Owned(start), Options.LegsMax) : null;

        /// <summary>Tokens that a path may start in, those with most flow first, by their value: as many as there is room for.</summary>
        public ReadOnlySpan<int> Starts(Span<int> room)
        {
            Span<double> turnovers = stackalloc double[room.Length];
            var count = 0;
            var kept = 0;
            foreach (var token in taken.AsSpan(0, takenCount))
            {
                var left = Flows.Turnover(token);
                if (!(left > 0))
                    continue;
                taken[kept++] = token;
                var turnover = left * Math.Max(values[token], double.Epsilon);
                if (!(turnover > 0) || (count == room.Length && turnover <= turnovers[count - 1]) || barren[token] || !(Available(token) > 0))
                    continue;
                var place = count;
                while (place > 0 && turnovers[place - 1] < turnover)
                    place--;
                count = Math.Min(count + 1, room.Length);
                room[place..(count - 1)].CopyTo(room[(place + 1)..]);
                turnovers[place..(count - 1)].CopyTo(turnovers[(place + 1)..]);
                (room[place], turnovers[place]) = (token, turnover);
            }

            takenCount = kept;
            return room[..count];
        }

        /// <summary>Quotes a path and keeps it as a chain of routes where it profits after costs; its flow is used up either way.</summary>
        /// <param name="path">The path.</param>
        /// <param name="known">Its legs as quoted before: those of the same tender to the same pool are not quoted again.</param>
        public void Take(FlowPath path, ReadOnlySpan<QuotedLeg> known = default)
        {
            if (!CanPay(path))
            {
                PassBy(path);
                return;
            }

            var legs = new QuotedLeg[path.Flows.Length];
            var grid = grids[Flows[path.Flows[0]].TokenIn];
            double amount = Math.Min(Step(grid, path.Start), grid.Down(Exact(path.Available))), profit = 0;
            for (var i = 0; i < legs.Length; i++)
            {
                ref readonly var flow = ref Flows[path.Flows[i]];
                var (pool, receive) = (StateOf(flow.Pool, legs.AsSpan(0, i)), Flows.Left(path.Flows[i]).Receive);
                var tender = Math.Min(amount, Step(grids[flow.TokenIn], Flows.Left(path.Flows[i]).Tender));
                if (i < known.Length && ReferenceEquals(known[i].Before, pool) && known[i].Tender.Equals(tender) && known[i].Receive.Equals(receive))
                {
                    legs[i] = known[i];
                }
                else
                {
                    var error = ExactSwap.Quote(pool, flow.SlotIn, flow.SlotOut, tender, receive, grids[flow.TokenIn], grids[flow.TokenOut], out var quote);
                    if (error != QuoteError.None || !(quote.ReceiveOut > 0))
                    {
                        GiveUp(path, tender > 0 && error != QuoteError.None ? path.Flows[i] : path.Narrowest);
                        return;
                    }

                    legs[i] = new QuotedLeg(
                        flow.Pool, pool, tender, receive, pool with { Curve = quote.After, Venue = quote.VenueAfter },
                        new Leg(pool.Id, market.Tokens[flow.TokenIn].Id, market.Tokens[flow.TokenOut].Id, quote.TenderIn, quote.ReceiveOut));
                }

                profit += legs[i].Leg.Receive * Value(flow.TokenOut) - legs[i].Leg.Tender * Value(flow.TokenIn);
                amount = legs[i].Leg.Receive;
            }

            for (var i = 0; i < legs.Length; i++)
                Flows.Use(path.Flows[i], legs[i].Leg.Tender, legs[i].Leg.Receive);
            Keep(path, legs, profit);
        }

        /// <summary>Whether a path could pay its costs and be among the best: it earns no more than its flows gain, and what an open one starts with is worth more at its dual price than at its value.</summary>
        private bool CanPay(FlowPath path)
        {
            var most = 0.0;
            foreach (var flow in path.Flows)
                most += Flows.Gain(flow);
            int start = Flows[path.Flows[0]].TokenIn, end = Flows[path.Flows[^1]].TokenOut;
            if (start != end)
                most += Math.Min(path.Start, path.Available) * (prices[start] - values[start]);
            return most > CostOf(path.Flows.Length) + Math.Max(Options.ProfitMin, leastOfBest);
        }

        /// <summary>A path that cannot pay is used up as its flows have it, without a quote.</summary>
        private void PassBy(FlowPath path)
        {
            WhyNone = ReasonCode.BelowCosts;
            barren[Flows[path.Flows[0]].TokenIn] |= path.Narrowest < 0;
            var amount = path.Start;
            foreach (var flow in path.Flows)
            {
                var (tendered, received) = (Math.Min(amount, Flows.Left(flow).Tender), Flows.Left(flow).Through(amount));
                Flows.Use(flow, tendered, received);
                amount = received;
            }
        }

        private int PartsOf(int legs) => (legs + Options.LegsMax - 1) / Options.LegsMax;

        private double CostOf(int legs) => (PartsOf(legs) * Options.CostPerRoute) + (legs * Options.CostPerLeg);

        /// <summary>Down to a step, but for an optimum that asks for less than the least amount there is.</summary>
        private static double Step(AmountGrid grid, double amount) =>
            grid.Down(Exact(amount)) is > 0 and var step ? step : grid.Up(Exact(amount));

        /// <summary>The nearest amount that exact arithmetic holds: a solver's dust lies below, capital in a token of no value above.</summary>
        private static double Exact(double amount) => Math.Clamp(amount, LeastExact, MostExact);

        /// <summary>A pool that gives no quote is out; so is a flow, or a start, that has too little left for a step of every amount.</summary>
        private void GiveUp(FlowPath path, int culprit)
        {
            if (culprit < 0)
                barren[Flows[path.Flows[0]].TokenIn] = true;
            else
                Flows.Close(culprit);
        }

        private void Keep(FlowPath path, QuotedLeg[] legs, double profit)
        {
            var parts = PartsOf(legs.Length);
            var cost = CostOf(legs.Length);
            if (!(profit - cost > 0) || profit - cost < Options.ProfitMin)
            {
                WhyNone = ReasonCode.BelowCosts;

                // What it started with was all there was: going the same way again earns less.
                barren[Flows[path.Flows[0]].TokenIn] |= path.Narrowest < 0;
                return;
            }

            foreach (var leg in legs)
                pools[leg.Pool] = leg.After;
            Array.Clear(barren);
            gainOfOwned = -1;
            for (var i = 0; i < legs.Length; i++)
            {
                balances[Flows[path.Flows[i]].TokenIn] -= legs[i].Leg.Tender;
                balances[Flows[path.Flows[i]].TokenOut] += legs[i].Leg.Receive;
            }

            var chain = Kept.Count;
            Kept.Add(new KeptChain(
                path.Flows,
                legs,
                legs[0].Leg.Tender,
                Flows[path.Flows[0]].TokenIn == Flows[path.Flows[^1]].TokenOut,
                parts,
                profit - cost));
            Rank(chain);
            for (var part = 0; part < parts; part++)
            {
                int from = part * legs.Length / parts, to = (part + 1) * legs.Length / parts;
                Routes.Add(new Route(
                    Routes.Count, chain, [.. legs[from..to].Select(leg => leg.Leg)], part == parts - 1 ? profit : 0, Options.Cost(to - from)));
            }
        }

        private void Rank(int chain)
        {
            var place = byProfit.Count;
            while (place > 0 && Kept[byProfit[place - 1]].Profit < Kept[chain].Profit)
                place--;
            byProfit.Insert(place, chain);
            leastOfBest = Best(out var isFull) is [.., var last] && isFull ? Kept[last].Profit : 0;
        }

        /// <summary>A pool as it is after the legs quoted so far.</summary>
        private Pool StateOf(int pool, ReadOnlySpan<QuotedLeg> legs)
        {
            for (var i = legs.Length - 1; i >= 0; i--)
            {
                if (legs[i].Pool == pool)
                    return legs[i].After;
            }

            return pools[pool];
        }
    }
}
