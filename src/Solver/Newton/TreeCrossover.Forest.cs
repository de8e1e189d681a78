namespace QTrade.Solver.Newton;

/// <summary>The maximum spanning forest of the trading pools by weight.</summary>
internal sealed partial class TreeCrossover
{
    /// <summary>Kruskal, pools in the order of their weight's exponent; roots count as joined.</summary>
    private void GrowForest()
    {
        PricedPools pools = newton.Pools;
        int root = pools.NodeCount;
        set[root] = root;
        for (int j = 0; j < pools.NodeCount; j++)
        {
            chain[j] = -1;
            rooted[j] = newton.IsAtValue(j) && pools.Value[j] > 0 && balance[j] > RootSurplus * gross[j];
            set[j] = rooted[j] ? root : j;
        }

        int count = SortTrading(), open = 0;
        for (int j = 0; j < pools.NodeCount; j++)
            open += !rooted[j] && gross[j] > 0 ? 1 : 0;
        for (int i = 0; i < count && open > 0; i++)
        {
            int p = order[i], a = Find(pools.From[p]), b = Find(pools.To[p]);
            if (a == b)
                continue;
            set[Math.Min(a, b)] = Math.Max(a, b);
            Link(pools.From[p], 2 * p);
            Link(pools.To[p], (2 * p) + 1);
            open--;
        }

        isWhole = open == 0;
    }

    private void Link(int node, int entry)
    {
        next[entry] = chain[node];
        chain[node] = entry;
    }

    private int Find(int j)
    {
        while (set[j] != j)
        {
            set[j] = set[set[j]];
            j = set[j];
        }

        return j;
    }

    /// <summary>Pools that trade, the heaviest first, sorted by the exponent of W.</summary>
    private int SortTrading()
    {
        PricedPools pools = newton.Pools;
        int count = 0, first = Exponents, last = -1;
        for (int p = 0; p < pools.Count; p++)
        {
            if (!(Tender[p] > 0))
                continue;
            trading[count++] = p;
            int place = Place(p);
            bucket[place + 1]++;
            (first, last) = (Math.Min(first, place), Math.Max(last, place));
        }

        for (int e = first; e < last; e++)
            bucket[e + 1] += bucket[e];
        for (int i = 0; i < count; i++)
            order[bucket[Place(trading[i])]++] = trading[i];
        if (count > 0)
            bucket.AsSpan(first, last + 2 - first).Clear();
        return count;
    }

    private int Place(int p)
    {
        return Exponents - 1 - (int)((BitConverter.DoubleToUInt64Bits(newton.Pools.Weight[p]) >> 52) & 0x7FF);
    }

    /// <summary>A token that no root can be reached from has nowhere to put an imbalance: its pools do not trade.</summary>
    private bool CutRootless()
    {
        if (isWhole)
            return false;
        PricedPools pools = newton.Pools;
        int root = Find(pools.NodeCount);
        bool cut = false;
        for (int p = 0; p < pools.Count; p++)
        {
            if (!(Tender[p] > 0) || (Find(pools.From[p]) == root && Find(pools.To[p]) == root))
                continue;
            Tender[p] = Received[p] = 0;
            cut = true;
        }

        return cut;
    }

    /// <summary>Lists the nodes of the forest, roots first; <see cref="above"/> gets the pool towards the root.</summary>
    private int Visit()
    {
        PricedPools pools = newton.Pools;
        int tail = 0;
        for (int j = 0; j < pools.NodeCount; j++)
        {
            above[j] = -1;
            if (rooted[j])
                visit[tail++] = j;
        }

        for (int head = 0; head < tail; head++)
        {
            int j = visit[head];
            for (int entry = chain[j]; entry >= 0; entry = next[entry])
            {
                int p = entry >> 1;
                int other = (entry & 1) == 0 ? pools.To[p] : pools.From[p];
                if (p == above[j])
                    continue;
                above[other] = p;
                visit[tail++] = other;
            }
        }

        return tail;
    }
}
