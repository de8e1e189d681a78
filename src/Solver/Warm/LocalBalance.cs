namespace QTrade.Solver.Warm;

/// <summary>
/// Makes the kept flows feasible again where they were changed: a token that is short, or that wastes a surplus, passes its imbalance on through trading pools to tokens that rest at their value
/// with a surplus: over as many edges to such tokens as keep what that costs negligible, else along the way of least resistance 1 / W. Trading pools trade at marginal prices, so to first
/// order it costs nothing. Where there is no such way the token's own flows are cut to what it has.
/// </summary>
internal sealed class LocalBalance(MarketState state)
{
    /// <summary>Surplus, relative to the turnover, from which on a token can take what others leave.</summary>
    private const double RootSurplus = 1e-9;
    private const double Margin = 2e-15;
    private const int MostEdges = 8;
    private const int MostCorrections = 12;
    private const int MostPasses = 16;

    private readonly int[] edges = new int[MostEdges];
    private readonly double[] edgeWeight = new double[MostEdges];
    private int[] pending = [], pendingMark = [], again = [], lookedMark = [], againMark = [], heapNode = [], cameBy = [], reachedMark = [], nextBy = [], nextMark = [];
    private double[] distance = [], heapKey = [], nextRest = [];
    private int foundCount, pendingCount, againCount, pendingStamp, heapCount, reachedStamp, nextStamp;

    public void Begin()
    {
        if (pendingMark.Length < state.TokenCount)
        {
            int n = state.TokenCount;
            pending = new int[n];
            pendingMark = new int[n];
            again = new int[n];
            lookedMark = new int[n];
            againMark = new int[n];
            cameBy = new int[n];
            reachedMark = new int[n];
            distance = new double[n];
            nextBy = new int[2 * n];
            nextMark = new int[2 * n];
            nextRest = new double[2 * n];
        }

        if (heapKey.Length < 2 * state.Pools.Count + 1)
        {
            heapKey = new double[(2 * state.Pools.Count) + 1];
            heapNode = new int[(2 * state.Pools.Count) + 1];
        }

        pendingCount = againCount = 0;
        pendingStamp++;
        nextStamp++;
    }

    /// <summary>Enters a token to be looked at, in the next pass where it was looked at in this one.</summary>
    public void Add(int j)
    {
        if (pendingMark[j] != pendingStamp)
        {
            pendingMark[j] = pendingStamp;
            pending[pendingCount++] = j;
        }
        else if (lookedMark[j] == pendingStamp && againMark[j] != pendingStamp)
        {
            againMark[j] = pendingStamp;
            again[againCount++] = j;
        }
    }

    /// <summary>Whether no token entered, and none that this touches, is short any more.</summary>
    /// <param name="wasted">Tolerated value of a token's surplus.</param>
    /// <param name="cost">Tolerated cost of passing an imbalance on through one token's pools.</param>
    public bool Run(double wasted, double cost)
    {
        for (int pass = 0; pass < MostPasses; pass++)
        {
            for (int i = 0; i < pendingCount; i++)
            {
                int j = pending[i];
                lookedMark[j] = pendingStamp;
                state.SumAnewIfSmall(j);
                if (!IsOpen(j, wasted))
                    continue;
                Add(j);
                Settle(j, wasted, cost, cutting: pass >= MostPasses / 2);
            }

            if (againCount == 0)
                return true;
            (pending, again) = (again, pending);
            (pendingCount, againCount) = (againCount, 0);
            pendingStamp++;
            for (int i = 0; i < pendingCount; i++)
                pendingMark[pending[i]] = pendingStamp;
        }

        return false;
    }

    private bool IsOpen(int j, double wasted) =>
        state.IsShort(j) || (state.Price[j] - state.Value[j]) * state.Balance[j] > wasted + (8 * Margin * state.Price[j] * state.Gross[j]);

    private bool IsRoot(int j) => state.IsAtValue(j) && state.Balance[j] > RootSurplus * state.Gross[j];

    private void Settle(int j, double wasted, double cost, bool cutting)
    {
        double need = Need(j);
        foundCount = 0;
        int count = cutting ? 0 : FindEdges(j, need, cost);
        double total = 0;
        for (int i = 0; i < count; i++)
            total += edgeWeight[i];
        for (int i = 0; i < count; i++)
            Pass(edges[i], j, need * (edgeWeight[i] / total));
        int best = 0;
        for (int correction = 0; correction < MostCorrections && best < foundCount && IsOpen(j, wasted); correction++)
        {
            double tender = state.Pools[edges[best]].KeptTender;
            Pass(edges[best], j, Need(j));
            if (state.Pools[edges[best]].KeptTender == tender)
                best++;
        }

        if (IsOpen(j, wasted))
            Cut(j);
    }

    private double Need(int j) => (Margin * state.Gross[j]) - state.Balance[j];

    /// <summary>Edges to roots where those together cost little enough, else the first edge of the way of least resistance, if that is better.</summary>
    private int FindEdges(int j, double need, double cost)
    {
        double worth = Math.Abs(need) * state.Price[j];
        double enough = worth * worth / (2 * cost);
        int count = FindRootEdges(j, need > 0, worth / MostEdges, enough, out double total);
        if (total >= enough)
            return count;
        int p = FirstOfWay(j, need > 0, worth, total > 0 ? 1 / total : double.PositiveInfinity);
        if (p < 0)
            return count;
        edges[0] = p;
        edgeWeight[0] = 1;
        return foundCount = 1;
    }

    /// <summary>
    /// Edges to roots with some room, looked for until the heaviest of them suffice; answers as few of these as do, as every pool that passes something on has to be quoted and summed. The others stay listed behind
    /// them, for what those have no room for.
    /// </summary>
    private int FindRootEdges(int j, bool brings, double share, double enough, out double total)
    {
        int count = 0;
        total = 0;
        for (int q = state.FirstIncident[j]; q < state.FirstIncident[j + 1] && !(total >= enough); q++)
        {
            if (!IsRoot(state.OtherEnd[q]))
                continue;
            int p = state.Incident[q];
            ref WarmPool pool = ref state.Pools[p];
            if (!CanPass(in pool, j, brings, share))
                continue;
            double least = count == MostEdges ? edgeWeight[MostEdges - 1] : 0;
            if (pool.Weight <= least)
                continue;
            total += pool.Weight - least;
            count = Enter(p, pool.Weight, count);
        }

        foundCount = count;
        int needed = 0;
        for (total = 0; needed < count && !(total >= enough); needed++)
            total += edgeWeight[needed];
        return needed;
    }

    /// <summary>Enters an edge among those found, the heaviest first; answers how many these are.</summary>
    private int Enter(int p, double weight, int count)
    {
        int at = Math.Min(count, MostEdges - 1);
        for (; at > 0 && edgeWeight[at - 1] < weight; at--)
            (edges[at], edgeWeight[at]) = (edges[at - 1], edgeWeight[at - 1]);
        (edges[at], edgeWeight[at]) = (p, weight);
        return Math.Min(count + 1, MostEdges);
    }

    /// <summary>Whether the pool trades in earnest and can bring the token so much value, or take it away.</summary>
    private bool CanPass(in WarmPool pool, int j, bool brings, double worth)
    {
        int leg = pool.Leg;
        if (leg < 0 || (pool.KeptLeg >= 0 && pool.KeptLeg != leg))
            return false;
        double most = pool.MostTender(leg);
        if (pool.Tender >= most)
            return false;
        double change = worth / state.Price[pool.From(leg)];
        return brings == (pool.Into(leg) == j) ? pool.KeptTender + change < most : pool.KeptTender > change;
    }

    /// <summary>Brings a token <paramref name="need"/> through a pool, or takes it away where that is negative.</summary>
    private void Pass(int p, int j, double need)
    {
        ref WarmPool pool = ref state.Pools[p];
        int leg = pool.Leg, from = pool.From(leg), into = pool.Into(leg);
        double change = into == j ? need * (state.Price[into] / state.Price[from]) : -need;
        state.Keep(p, leg, Math.Clamp(pool.KeptTender + change, 0, pool.MostTender(leg)));
        Add(pool.Other(j));
    }

    /// <summary>A token that nothing reaches tenders no more than it has, and one with a surplus that leads nowhere receives no more than it needs.</summary>
    private void Cut(int j)
    {
        bool isShort = state.Balance[j] < 0;
        double flow = 0;
        for (int q = state.FirstIncident[j]; q < state.FirstIncident[j + 1]; q++)
        {
            ref WarmPool pool = ref state.Pools[state.Incident[q]];
            if (pool.KeptLeg >= 0 && TakesFrom(in pool, j) == isShort)
                flow += isShort ? pool.KeptTender : pool.KeptReceived;
        }

        double part = 1 - (Math.Abs(state.Balance[j]) / flow * (isShort ? 1 + Margin : 1 - Margin));
        if (!(part > 1e-14))
            part = 0;
        for (int q = state.FirstIncident[j]; q < state.FirstIncident[j + 1]; q++)
        {
            int p = state.Incident[q];
            ref WarmPool pool = ref state.Pools[p];
            if (pool.KeptLeg < 0 || TakesFrom(in pool, j) != isShort)
                continue;
            state.Keep(p, pool.KeptLeg, part * pool.KeptTender);
            Add(pool.Other(j));
        }

        state.SumAnewIfSmall(j);
    }

    private static bool TakesFrom(in WarmPool pool, int j) => pool.From(pool.KeptLeg) == j;

    /// <summary>The first pool of the way of least resistance to a root over trading pools that can carry the worth; -1 where none is better than <paramref name="known"/>.</summary>
    private int FirstOfWay(int j, bool brings, double worth, double known)
    {
        int entry = (2 * j) + (brings ? 1 : 0);
        if (nextMark[entry] == nextStamp && nextBy[entry] is var kept && CanPass(in state.Pools[kept], j, brings, worth))
            return kept;
        reachedStamp++;
        heapCount = 0;
        distance[j] = 0;
        reachedMark[j] = reachedStamp;
        cameBy[j] = -1;
        Push(0, j);
        double least = known, rest = 0;
        int root = -1;
        while (heapCount > 0)
        {
            double far = heapKey[0];
            int at = Pop();
            if (far >= least)
                break;
            if (far > distance[at])
                continue;
            for (int q = state.FirstIncident[at]; q < state.FirstIncident[at + 1]; q++)
            {
                int p = state.Incident[q];
                ref WarmPool pool = ref state.Pools[p];
                double through = far + (1 / pool.Weight);
                if (!(through < least))
                    continue;
                int other = pool.Other(at);
                if ((reachedMark[other] == reachedStamp && through >= distance[other]) || !CanPass(in pool, at, brings, worth))
                    continue;
                reachedMark[other] = reachedStamp;
                distance[other] = through;
                cameBy[other] = p;
                int onward = (2 * other) + (brings ? 1 : 0);
                if (IsRoot(other))
                    (least, rest, root) = (through, 0, other);
                else if (nextMark[onward] != nextStamp)
                    Push(through, other);
                else if (through + nextRest[onward] < least)
                    (least, rest, root) = (through + nextRest[onward], nextRest[onward], other);
            }
        }

        if (root < 0)
            return -1;
        int first = -1;
        for (int at = root; at != j; at = state.Pools[first].Other(at))
        {
            first = cameBy[at];
            int before = (2 * state.Pools[first].Other(at)) + (brings ? 1 : 0);
            rest += 1 / state.Pools[first].Weight;
            nextBy[before] = first;
            nextRest[before] = rest;
            nextMark[before] = nextStamp;
        }

        return first;
    }

    private void Push(double key, int node)
    {
        int i = heapCount++;
        while (i > 0 && key < heapKey[(i - 1) >> 1])
        {
            heapKey[i] = heapKey[(i - 1) >> 1];
            heapNode[i] = heapNode[(i - 1) >> 1];
            i = (i - 1) >> 1;
        }

        heapKey[i] = key;
        heapNode[i] = node;
    }

    private int Pop()
    {
        int top = heapNode[0];
        double key = heapKey[--heapCount];
        int node = heapNode[heapCount];
        int i = 0;
        while ((2 * i) + 1 < heapCount)
        {
            int child = (2 * i) + 1;
            if (child + 1 < heapCount && heapKey[child + 1] < heapKey[child])
                child++;
            if (heapKey[child] >= key)
                break;
            heapKey[i] = heapKey[child];
            heapNode[i] = heapNode[child];
            i = child;
        }

        heapKey[i] = key;
        heapNode[i] = node;
        return top;
    }
}
