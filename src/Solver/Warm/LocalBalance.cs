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

    /// <summary>Edges that share what a token passes on: a part of its pools, as what that loses falls by as much, and these losses are what the next solves have to make good.</summary>
    private const double EdgePart = 0.25;
    private const int FewEdges = 8;
    private const int MostEdges = 128;

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

    /// <summary>Tokens entered so far.</summary>
    public int PendingCount => pendingCount;

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

    private bool IsOpen(int j, double wasted)
    {
        ref WarmToken token = ref state.Tokens[j];
        double price = state.Price[j];
        return MarketState.IsShort(in token) || (price - token.Value) * token.Balance.Nearest > wasted + (8 * Margin * price * token.Gross);
    }

    private bool IsRoot(int j)
    {
        ref WarmToken token = ref state.Tokens[j];
        return token.IsAt(state.Price[j]) && token.Balance.Nearest > RootSurplus * token.Gross;
    }

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

    private double Need(int j)
    {
        ref WarmToken token = ref state.Tokens[j];
        return (Margin * token.Gross) - token.Balance.Nearest;
    }

    /// <summary>Edges to roots where those together cost little enough, else the first edge of the way of least resistance, if that is better.</summary>
    private int FindEdges(int j, double need, double cost)
    {
        double worth = Math.Abs(need) * state.Price[j];
        double enough = worth * worth / (2 * cost);
        int count = FindRootEdges(j, need > 0, worth, enough, out double total);
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
        int count = 0, most = Math.Clamp((int)(EdgePart * (state.FirstIncident[j + 1] - state.FirstIncident[j])), FewEdges, MostEdges);
        share /= most;
        total = 0;
        EdgeWeights weights = state.EdgeWeights;
        int end = state.FirstIncident[j + 1];
        double least = 0;
        for (int q = state.FirstIncident[j]; q < end && !(total >= enough); q = least > 0 ? weights.Next(q + 1, end, least) : q + 1)
        {
            if (!IsRoot(state.OtherEnd[q]))
                continue;
            int p = state.Incident[q];
            ref WarmPool pool = ref state.Pools[p];
            if (pool.Weight <= least || !CanPass(in pool, j, brings, share))
                continue;
            total += pool.Weight - least;
            count = Enter(p, pool.Weight, count, most);
            least = count == most ? edgeWeight[most - 1] : 0;
        }

        foundCount = count;
        int needed = 0;
        for (total = 0; needed < count && !(total >= enough); needed++)
            total += edgeWeight[needed];
        return needed;
    }

    /// <summary>Enters an edge among those found, the heaviest first; answers how many these are.</summary>
    private int Enter(int p, double weight, int count, int most)
    {
        int at = Math.Min(count, most - 1);
        for (; at > 0 && edgeWeight[at - 1] < weight; at--)
            (edges[at], edgeWeight[at]) = (edges[at - 1], edgeWeight[at - 1]);
        (edges[at], edgeWeight[at]) = (p, weight);
        return Math.Min(count + 1, most);
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
        int leg = pool.Leg, from = pool.From(leg);
        double change = from == j ? -need : TenderFor(in pool, need);
        state.Keep(p, leg, Math.Clamp(pool.KeptTender + change, 0, pool.MostTender(leg)));
        Add(pool.Other(j));
    }

    /// <summary>What more tender makes a trading pool give <paramref name="more"/>, to second order: it trades at its tokens' prices where its tender is the best one, and its price falls as the edge's weight tells.</summary>
    private double TenderFor(in WarmPool pool, double more)
    {
        double priceIn = state.Price[pool.From(pool.Leg)], first = more * (state.Price[pool.Into(pool.Leg)] / priceIn);
        double dearer = (pool.KeptTender + (0.5 * first) - pool.Tender) * priceIn / pool.Weight;
        return Math.Abs(dearer) < 0.5 ? first * (1 + dearer) : first;
    }

    /// <summary>A token that nothing reaches tenders no more than it has, and one with a surplus that leads nowhere receives no more than it needs.</summary>
    private void Cut(int j)
    {
        bool isShort = state.Tokens[j].Balance.Nearest < 0;
        double flow = 0;
        for (int q = state.FirstIncident[j]; q < state.FirstIncident[j + 1]; q++)
        {
            ref WarmPool pool = ref state.Pools[state.Incident[q]];
            if (pool.KeptLeg >= 0 && TakesFrom(in pool, j) == isShort)
                flow += isShort ? pool.KeptTender : pool.KeptReceived;
        }

        double part = 1 - (Math.Abs(state.Tokens[j].Balance.Nearest) / flow * (isShort ? 1 + Margin : 1 - Margin));
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
        Reach(j, 0, -1);
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
            // Roots first: what the best of them costs is more than most ways on from here are worth a look for.
            int from = state.FirstIncident[at], end = state.FirstIncident[at + 1];
            for (int q = Next(from, end, least - far); q < end; q = Next(q + 1, end, least - far))
            {
                if (!IsRoot(state.OtherEnd[q]) || !CanPass(in state.Pools[state.Incident[q]], at, brings, worth))
                    continue;
                (least, rest, root) = (far + (1 / state.EdgeWeights[q]), 0, state.OtherEnd[q]);
                Reach(root, least, state.Incident[q]);
            }

            for (int q = Next(from, end, least - far); q < end; q = Next(q + 1, end, least - far))
            {
                int p = state.Incident[q], other = state.OtherEnd[q];
                double through = far + (1 / state.EdgeWeights[q]);
                if ((reachedMark[other] == reachedStamp && through >= distance[other]) || !CanPass(in state.Pools[p], at, brings, worth))
                    continue;
                Reach(other, through, p);
                int onward = (2 * other) + (brings ? 1 : 0);
                if (nextMark[onward] != nextStamp)
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

    /// <summary>The next edge that costs less than <paramref name="most"/>.</summary>
    private int Next(int edge, int end, double most) => state.EdgeWeights.Next(edge, end, 1 / most);

    private void Reach(int token, double far, int by)
    {
        reachedMark[token] = reachedStamp;
        distance[token] = far;
        cameBy[token] = by;
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
