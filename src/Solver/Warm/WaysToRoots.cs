namespace QTrade.Solver.Warm;

/// <summary>
/// Ways from tokens over trading pools to tokens that can take what others leave: of least resistance, a pool's being 1 / W, as far as a few looks tell (Dijkstra, "A note on two problems in connexion with graphs",
/// 1959). Tokens on ways found keep their next pools until the next <see cref="Begin"/>.
/// </summary>
/// <param name="state">The market.</param>
/// <param name="mostLooks">Tokens that are looked around from once a way is known.</param>
internal sealed class WaysToRoots(MarketState state, int mostLooks = WaysToRoots.MostLooks)
{
    /// <summary>Tokens farther on seldom better a way.</summary>
    private const int MostLooks = 4;

    /// <summary>Pools of a token up to which one look at each finds what there is.</summary>
    private const int FewPools = 16;

    /// <summary>Pools up to which a way found before is followed.</summary>
    private const int LongestWay = 64;

    private readonly NodeHeap heap = new();
    private int[] cameBy = [], reachedMark = [], nextBy = [], nextMark = [];
    private double[] distance = [], nextRest = [];
    private int reachedStamp, nextStamp;

    public void Begin()
    {
        if (reachedMark.Length < state.TokenCount)
        {
            int n = state.TokenCount;
            cameBy = new int[n];
            reachedMark = new int[n];
            distance = new double[n];
            nextBy = new int[2 * n];
            nextMark = new int[2 * n];
            nextRest = new double[2 * n];
        }

        heap.Reserve((2 * state.Pools.Count) + 1);
        nextStamp++;
    }

    /// <summary>The first pool of a way from the token over pools that can carry the worth, to it or from it; -1 where none is better than <paramref name="known"/>.</summary>
    public int FirstOf(int j, bool brings, double worth, double known)
    {
        int entry = Entry(j, brings);
        if (LeadsOn(j, brings) && nextBy[entry] is var kept && state.CanPass(in state.Pools[kept], j, brings, worth))
            return kept;
        nextMark[entry] = nextStamp - 1;
        reachedStamp++;
        heap.Clear();
        Reach(j, 0, -1);
        heap.Push(0, j);
        var best = new Best { Least = known, Rest = 0, Root = -1 };
        for (int looks = 0; heap.Count > 0 && looks < mostLooks; looks += best.Root < 0 ? 0 : 1)
        {
            double far = heap.LeastKey;
            int at = heap.Pop();
            if (far >= best.Least)
                break;
            if (!(far > distance[at]))
                LookAround(at, far, brings, worth, ref best);
        }

        return best.Root < 0 ? -1 : TraceBack(j, brings, in best);
    }

    /// <summary>Whether a way that was found leads on from a token to its end: not where a token on it lost its next pool, as it looked for another way since and found none, or is looking now.</summary>
    private bool LeadsOn(int token, bool brings)
    {
        for (int steps = 0; steps < LongestWay; steps++)
        {
            int entry = Entry(token, brings);
            if (nextMark[entry] != nextStamp)
                return false;
            token = state.Pools[nextBy[entry]].Other(token);
            if (state.IsRoot(token))
                return true;
        }

        return false;
    }

    /// <summary>The cheapest way so far: what it costs, what part of that lies beyond where ways found before begin, and the token there.</summary>
    private struct Best
    {
        public double Least;
        public double Rest;
        public int Root;
    }

    private void LookAround(int at, double far, bool brings, double worth, ref Best best)
    {
        int begin = state.FirstIncident[at], end = state.FirstIncident[at + 1];
        if (end - begin <= FewPools)
        {
            for (int q = begin; q < end; q++)
                Look(q, at, far, brings, worth, ref best);
            return;
        }

        // At hubs the roots first: what the best of them costs is more than most ways on from here are worth a look for.
        for (int q = Next(begin, end, best.Least - far); q < end; q = Next(q + 1, end, best.Least - far))
        {
            if (state.IsRoot(state.OtherEnd[q]))
                Look(q, at, far, brings, worth, ref best);
        }

        for (int q = Next(begin, end, best.Least - far); q < end; q = Next(q + 1, end, best.Least - far))
            Look(q, at, far, brings, worth, ref best);
    }

    private void Look(int q, int at, double far, bool brings, double worth, ref Best best)
    {
        int p = state.Incident[q], other = state.OtherEnd[q];
        double through = far + (1 / state.EdgeWeights[q]);
        if (!(through < best.Least) || (reachedMark[other] == reachedStamp && through >= distance[other]) || !state.CanPass(in state.Pools[p], at, brings, worth))
            return;
        Reach(other, through, p);
        int onward = Entry(other, brings);
        if (state.IsRoot(other))
            best = new() { Least = through, Rest = 0, Root = other };
        else if (!LeadsOn(other, brings))
            heap.Push(through, other);
        else if (through + nextRest[onward] < best.Least)
            best = new() { Least = through + nextRest[onward], Rest = nextRest[onward], Root = other };
    }

    /// <summary>Keeps the next pools of the tokens on the way; answers the first.</summary>
    private int TraceBack(int j, bool brings, in Best best)
    {
        int first = -1;
        double rest = best.Rest;
        for (int at = best.Root; at != j; at = state.Pools[first].Other(at))
        {
            first = cameBy[at];
            int before = Entry(state.Pools[first].Other(at), brings);
            rest += 1 / state.Pools[first].Weight;
            nextBy[before] = first;
            nextRest[before] = rest;
            nextMark[before] = nextStamp;
        }

        return first;
    }

    private static int Entry(int token, bool brings) => (2 * token) + (brings ? 1 : 0);

    /// <summary>The next edge that costs less than <paramref name="most"/>.</summary>
    private int Next(int edge, int end, double most) => state.EdgeWeights.Next(edge, end, 1 / most);

    private void Reach(int token, double far, int by)
    {
        reachedMark[token] = reachedStamp;
        distance[token] = far;
        cameBy[token] = by;
    }
}
