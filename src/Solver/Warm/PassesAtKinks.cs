namespace QTrade.Solver.Warm;

/// <summary>
/// Ways for what trading pools have no way for: over pools that do not trade at the prices, or trade the other way, so near their kinks that it costs next to nothing to have them do it. A token of next to no worth is priced
/// no better than that, and rests on such a pool. Ways are of least cost, each pool's being what it loses by the worth passed on (Dijkstra, "A note on two problems in connexion with graphs", 1959).
/// </summary>
internal sealed class PassesAtKinks(MarketState state)
{
    private readonly NodeHeap heap = new();
    private int[] cameBy = [], mark = [];
    private double[] distance = [], worth = [];
    private int stamp;

    public void Begin()
    {
        heap.Reserve((2 * state.Pools.Count) + 1);
        if (mark.Length >= state.TokenCount)
            return;
        cameBy = new int[state.TokenCount];
        mark = new int[state.TokenCount];
        distance = new double[state.TokenCount];
        worth = new double[state.TokenCount];
        stamp = 0;
    }

    /// <summary>Finds a way that costs less than <paramref name="most"/> and brings the token <paramref name="need"/>, or takes it away where that is negative; answers the token where it ends, or -1. <see cref="PoolFrom"/> tells the way.</summary>
    public int Find(int j, double need, double most)
    {
        heap.Clear();
        stamp++;
        Reach(j, 0, Math.Abs(need) * state.Price[j], -1);
        heap.Push(0, j);
        while (heap.Count > 0)
        {
            double far = heap.LeastKey;
            int at = heap.Pop();
            if (far > distance[at])
                continue;
            if (at != j && state.IsRoot(at))
            {
                TurnRound(at);
                return at;
            }

            LookAround(at, far, need > 0, most);
        }

        return -1;
    }

    private void LookAround(int at, double far, bool brings, double most)
    {
        for (int q = state.FirstIncident[at]; q < state.FirstIncident[at + 1]; q++)
        {
            int p = state.Incident[q], other = state.OtherEnd[q];
            if (mark[other] == stamp && distance[other] <= far)
                continue;
            double onward = worth[at], through = far + CostOf(p, Wanted(in state.Pools[p], at, brings), brings, ref onward);
            if (!(through < most) || (mark[other] == stamp && through >= distance[other]))
                continue;
            Reach(other, through, onward, p);
            heap.Push(through, other);
        }
    }

    private void Reach(int token, double far, double through, int by)
    {
        worth[token] = through;
        mark[token] = stamp;
        distance[token] = far;
        cameBy[token] = by;
    }

    /// <summary>Has each token of the way that ends here know the pool that leads on, instead of the one that it was come by.</summary>
    private void TurnRound(int end)
    {
        for (int at = end, onward = -1; at >= 0;)
        {
            int by = cameBy[at];
            (cameBy[at], onward) = (onward, by);
            at = by < 0 ? -1 : state.Pools[by].Other(at);
        }
    }

    /// <summary>The pool that leads on from a token of the way that was found last.</summary>
    public int PoolFrom(int token) => cameBy[token];

    /// <summary>The leg that gives the token, or takes it.</summary>
    private static int Wanted(in WarmPool pool, int j, bool brings) => (pool.Into(0) == j) == brings ? 0 : 1;

    /// <summary>About what it costs that so much more value of the token goes through the leg, or less through the other one; what is then to come from the pool's other token, or to go there.</summary>
    private double CostOf(int p, int leg, bool brings, ref double worth)
    {
        ref WarmPool pool = ref state.Pools[p];
        double lost = 0, kept = 0, onward = 0, left = worth;
        if (pool.KeptLeg == 1 - leg)
        {
            double given = pool.KeptTender * state.Price[pool.From(1 - leg)], taken = pool.KeptReceived * state.Price[pool.From(leg)];
            double part = Math.Min(1, worth / (brings ? given : taken));
            lost = CostOfLess(p, in pool, given, part);
            onward = part * (brings ? taken : given);
            left = part < 1 ? 0 : worth - (brings ? given : taken);
        }
        else if (pool.KeptLeg == leg)
        {
            kept = pool.KeptTender * state.Price[pool.From(leg)];
        }

        worth = onward;
        return left > 0 ? lost + CostOfMore(in pool, leg, brings, kept, left, ref worth) : lost;
    }

    /// <summary>The same where the leg has so much of its input to trade already.</summary>
    private double CostOfMore(in WarmPool pool, int leg, bool brings, double kept, double worth, ref double onward)
    {
        ref readonly WarmLeg more = ref leg == 0 ? ref pool.Forth : ref pool.Back;
        double priceIn = state.Price[pool.From(leg)], priceOut = state.Price[pool.Into(leg)];
        bool trades = pool.Leg == leg;
        double dearer = trades ? 1 : Math.Max(1, priceIn / (more.Best * priceOut)), tendered = brings ? worth * dearer : worth, received = brings ? worth : worth / dearer;
        onward += brings ? tendered : received;
        double whole = kept + tendered;
        if (!pool.IsLegUsable(leg) || !(whole < more.Most * priceIn))
            return double.PositiveInfinity;
        return trades
            ? CostOfMissing((pool.Tender * priceIn) - whole, in pool)
            : tendered - received + (whole * whole / (2 * priceOut * more.Kink * dearer));
    }

    private double CostOfLess(int p, in WarmPool pool, double given, double part)
    {
        if (pool.Leg != pool.KeptLeg)
            return 0;
        double best = pool.Tender * state.Price[pool.From(pool.Leg)];
        return part < 1 && pool.Tender < pool.MostTender(pool.Leg)
            ? CostOfMissing(best - ((1 - part) * given), in pool)
            : part * state.Pools.Value(p, state.Price[pool.First], state.Price[pool.Second]);
    }

    /// <summary>What it costs, to second order, to tender so much less value than is best.</summary>
    private static double CostOfMissing(double worth, in WarmPool pool) => worth * worth / (2 * pool.Weight);

    /// <summary>Brings the token of a way about what it needs over the pool that leads on, or takes it away; false where the pool does nothing of it.</summary>
    public bool Pass(int j, double need)
    {
        int p = cameBy[j];
        ref WarmPool pool = ref state.Pools[p];
        int leg = Wanted(in pool, j, need > 0), kept = pool.KeptLeg;
        double before = pool.KeptTender, received = pool.KeptReceived, amount = Math.Abs(need);
        if (kept == 1 - leg)
        {
            bool gives = pool.From(kept) == j;
            double less = gives ? amount : amount * (before / received);
            state.Keep(p, less < before ? kept : -1, Math.Max(0, before - less));
        }
        else
        {
            double best = pool.Leg == leg ? state.Price[pool.From(leg)] / state.Price[pool.Into(leg)] : (leg == 0 ? pool.Forth : pool.Back).Best;
            double more = pool.From(leg) == j ? amount : amount / best;
            state.Keep(p, leg, Math.Min(before + more, pool.MostTender(leg)));
        }

        return pool.KeptTender != before || pool.KeptLeg != kept;
    }
}
