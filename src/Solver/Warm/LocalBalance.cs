namespace QTrade.Solver.Warm;

/// <summary>
/// Makes the kept flows feasible again where they were changed: a token that is short, or that wastes a surplus, passes its imbalance on through trading pools to tokens that rest at their value
/// with a surplus: over as many edges to such tokens as keep what that costs negligible, else along the way of least resistance 1 / W. Trading pools trade at marginal prices, so to first
/// order it costs nothing. Where there is no such way, and cutting the token's own flows to what it has would cost more than is tolerated, ways over pools at their kinks are gone; else they are cut.
/// </summary>
internal sealed class LocalBalance(MarketState state)
{
    private const double Margin = 2e-15;

    /// <summary>Edges that share what a token passes on: a part of its pools, as what that loses falls by as much, and these losses are what the next solves have to make good.</summary>
    private const double EdgePart = 0.18;
    private const int FewEdges = 6;
    private const int MostEdges = 128;

    private const int MostCorrections = 12;

    /// <summary>Ways over kinks that are gone for one token, as the first may not have room for all.</summary>
    private const int MostWays = 3;
    private const int MostPasses = 16;

    private readonly int[] edges = new int[MostEdges];
    private readonly double[] edgeWeight = new double[MostEdges];
    private readonly WaysToRoots ways = new(state);
    private readonly PassesAtKinks kinks = new(state);
    private int[] pending = [], pendingMark = [], again = [], lookedMark = [], againMark = [], cut = [], cutMark = [];
    private int cutCount, cutStamp, foundCount, pendingCount, againCount, pendingStamp;

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
            cut = new int[n];
            cutMark = new int[n];
        }

        ForgetCutTokens();
        pendingCount = againCount = 0;
        pendingStamp++;
        ways.Begin();
        kinks.Begin();
    }

    /// <summary>Tokens entered so far.</summary>
    public int PendingCount => pendingCount;

    /// <summary>Tokens whose flows were cut since <see cref="Begin"/>, as nothing led to them at the prices.</summary>
    public ReadOnlySpan<int> CutTokens => cut.AsSpan(0, cutCount);

    public void ForgetCutTokens()
    {
        cutCount = 0;
        cutStamp++;
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

    private bool IsOpen(int j, double wasted)
    {
        ref WarmToken token = ref state.Tokens[j];
        double price = state.Price[j];
        return token.IsShort || token.Balance.Nearest < 0 || (price - token.Value) * token.Balance.Nearest > wasted + (8 * Margin * price * token.Gross);
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
        for (int corrections = 0; corrections < MostCorrections && best < foundCount && IsOpen(j, wasted);)
        {
            double tender = state.Pools[edges[best]].KeptTender;
            Pass(edges[best], j, Need(j));
            if (state.Pools[edges[best]].KeptTender == tender)
                best++;
            else
                corrections++;
        }

        if (!IsOpen(j, wasted))
            return;
        if (!cutting && CostOfCut(j) > cost)
            PassAtKinks(j, wasted, cost);
        if (IsOpen(j, wasted))
            Cut(j);
    }

    /// <summary>Goes the whole way over pools at their kinks, token by token.</summary>
    private void PassAtKinks(int j, double wasted, double cost)
    {
        for (int way = 0; way < MostWays && IsOpen(j, wasted); way++)
        {
            int root = kinks.Find(j, Need(j), cost);
            if (root < 0)
                return;
            for (int at = j; at != root;)
            {
                int other = state.Pools[kinks.PoolFrom(at)].Other(at);
                for (int tries = 0; tries < MostCorrections && IsOpen(at, wasted) && kinks.Pass(at, Need(at)); tries++)
                    Add(other);
                at = other;
            }
        }
    }

    private double Need(int j)
    {
        ref WarmToken token = ref state.Tokens[j];
        return (Margin * token.Gross) - token.Balance.Nearest;
    }

    /// <summary>Edges to roots where those together cost little enough, else the first edge of the best way that is found, if that is better.</summary>
    private int FindEdges(int j, double need, double cost)
    {
        double worth = Math.Abs(need) * state.Price[j];
        double enough = worth * worth / (2 * cost);
        int count = FindRootEdges(j, need > 0, worth, enough, out double total);
        if (total >= enough)
            return count;
        int p = ways.FirstOf(j, need > 0, worth, total > 0 ? 1 / total : double.PositiveInfinity);
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
    private int FindRootEdges(int j, bool brings, double worth, double enough, out double total)
    {
        EdgeWeights weights = state.EdgeWeights;
        int begin = state.FirstIncident[j], end = state.FirstIncident[j + 1];
        int count = 0, most = Math.Clamp((int)(EdgePart * (end - begin)), FewEdges, MostEdges);
        double share = worth / most, least = 0;
        total = 0;

        // The lightest edge found is what another has to beat, once there are as many as may be.
        for (int q = begin; q < end && !(total >= enough); q = least > 0 ? weights.Next(q + 1, end, least) : q + 1)
        {
            if (!state.IsRoot(state.OtherEnd[q]))
                continue;
            int p = state.Incident[q];
            ref WarmPool pool = ref state.Pools[p];
            if (pool.Weight <= least || !state.CanPass(in pool, j, brings, share))
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

    /// <summary>About what the pools earn less by <see cref="Cut"/>.</summary>
    private double CostOfCut(int j)
    {
        bool isShort = state.Tokens[j].Balance.Nearest < 0;
        double earned = 0;
        for (int q = state.FirstIncident[j]; q < state.FirstIncident[j + 1]; q++)
        {
            int p = state.Incident[q];
            ref WarmPool pool = ref state.Pools[p];
            if (pool.KeptLeg >= 0 && pool.KeptLeg == pool.Leg && TakesFrom(in pool, j) == isShort)
                earned += state.Pools.Value(p, state.Price[pool.First], state.Price[pool.Second]);
        }

        return earned * (1 - PartLeft(j, isShort));
    }

    /// <summary>The part of a token's tenders that it has the means for, or of what it receives that it needs.</summary>
    private double PartLeft(int j, bool isShort)
    {
        double flow = 0;
        for (int q = state.FirstIncident[j]; q < state.FirstIncident[j + 1]; q++)
        {
            ref WarmPool pool = ref state.Pools[state.Incident[q]];
            if (pool.KeptLeg >= 0 && TakesFrom(in pool, j) == isShort)
                flow += isShort ? pool.KeptTender : pool.KeptReceived;
        }

        double part = 1 - ((Math.Abs(state.Tokens[j].Balance.Nearest) / flow) + (isShort ? Margin : -Margin));
        return part > 1e-14 ? Math.Min(part, 1) : 0;
    }

    /// <summary>A token that nothing reaches tenders no more than it has, and one with a surplus that leads nowhere receives no more than it needs.</summary>
    private void Cut(int j)
    {
        if (cutMark[j] != cutStamp)
        {
            cutMark[j] = cutStamp;
            cut[cutCount++] = j;
        }

        bool isShort = state.Tokens[j].Balance.Nearest < 0;
        double part = PartLeft(j, isShort);
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
}
