using QTrade.Solver.Arithmetic;

namespace QTrade.Solver.Warm;

/// <summary>
/// What every pool adds to the bound and to the profit, and what its kept flow loses against its best one, in a fixed tree of eight branches in the problem's order: changing some leaves costs their
/// ways to the root and gives the same bits as summing anew.
/// </summary>
internal sealed class PoolSums
{
    /// <summary>Levels above the leaves of as many pools as an array can have.</summary>
    private const int MostLevels = 11;

    private readonly int[] firstOf = new int[MostLevels + 1];
    private Node[] nodes = [];
    private int[] dirty = [];
    private int[] mark = [];
    private int count, levels, dirtyCount, stamp;

    private struct Node
    {
        public double Bound;
        public double Loss;
        public double ProfitHigh;
        public double ProfitLow;
    }

    /// <summary>Sum of the pools' arb.</summary>
    public double Bound => count > 0 ? nodes[firstOf[levels]].Bound : 0;

    /// <summary>Sum of what the kept flows earn at the tokens' values.</summary>
    public double Profit => count > 0 ? nodes[firstOf[levels]].ProfitHigh + nodes[firstOf[levels]].ProfitLow : 0;

    /// <summary>Lays the tree; every leaf is to be set before the first <see cref="Update"/>.</summary>
    public void Begin(int pools)
    {
        count = pools;
        dirtyCount = 0;
        levels = 0;
        int total = pools;
        for (int width = pools; width > 1 || levels == 0; levels++)
        {
            width = EightfoldTree.Above(width);
            firstOf[levels + 1] = total;
            total += width;
        }

        if (nodes.Length >= total && mark.Length >= total)
            return;
        nodes = new Node[total];
        mark = new int[total];
        dirty = new int[pools];
        stamp = 0;
    }

    /// <summary>Sets a leaf, with a profit of <paramref name="gained"/> <paramref name="received"/> - <paramref name="spent"/> <paramref name="tender"/>. Before an <see cref="Update"/> it is to be entered as well, before <see cref="UpdateAll"/> not.</summary>
    public void Set(int pool, double bound, double gained, double received, double spent, double tender, double loss)
    {
        double gain = gained * received, cost = spent * tender, profit = gain - cost;
        ref Node node = ref nodes[pool];
        node.Bound = bound;
        node.Loss = loss;
        node.ProfitHigh = profit;
        node.ProfitLow = CompensatedSum.LeftOut(gain, -cost, profit) + (Math.FusedMultiplyAdd(gained, received, -gain) - Math.FusedMultiplyAdd(spent, tender, -cost));
    }

    /// <summary>Enters a leaf that was set; a pool at most once before the next <see cref="Update"/>.</summary>
    public void Enter(int pool) => dirty[dirtyCount++] = pool;

    public void UpdateAll() => SumLevels(whole: true);

    public void Update() => SumLevels(whole: EightfoldTree.Branches * (long)dirtyCount > count);

    private void SumLevels(bool whole)
    {
        stamp++;
        for (int level = 0, width = count; level < levels; level++)
        {
            if (whole)
            {
                int above = EightfoldTree.Above(width);
                for (int i = 0; i < above; i++)
                    Sum(level, i, width);
            }
            else
            {
                SumAboveDirty(level, width);
            }

            width = EightfoldTree.Above(width);
        }

        dirtyCount = 0;
    }

    /// <summary>Lists the pools whose loss is above <paramref name="least"/>, in order; answers how many, at most as many as fit.</summary>
    public int FindLosses(double least, Span<int> found)
    {
        int number = 0;
        if (count > 0)
            FindLosses(levels, 0, least, found, ref number);
        return number;
    }

    private void FindLosses(int level, int at, double least, Span<int> found, ref int number)
    {
        if (number == found.Length || !(nodes[firstOf[level] + at].Loss > least))
            return;
        if (level == 0)
        {
            found[number++] = at;
            return;
        }

        int below = firstOf[level] - firstOf[level - 1];
        for (int i = EightfoldTree.Branches * at; i < Math.Min(EightfoldTree.Branches * (at + 1), below); i++)
            FindLosses(level - 1, i, least, found, ref number);
    }

    /// <summary>Sums the parents of the level's dirty nodes; these are dirty after it.</summary>
    private void SumAboveDirty(int level, int width)
    {
        int kept = 0;
        for (int i = 0; i < dirtyCount; i++)
        {
            int above = EightfoldTree.ParentOf(dirty[i]);
            if (mark[firstOf[level + 1] + above] == stamp)
                continue;
            mark[firstOf[level + 1] + above] = stamp;
            Sum(level, above, width);
            dirty[kept++] = above;
        }

        dirtyCount = kept;
    }

    /// <summary>Sums the children of a node; the profits, which all but cancel, in twice the precision.</summary>
    private void Sum(int level, int above, int width)
    {
        double bound = 0, loss = 0, high = 0, low = 0;
        foreach (ref readonly Node part in EightfoldTree.ChildrenOf(above, nodes, firstOf[level], width))
        {
            bound += part.Bound;
            loss = Math.Max(loss, part.Loss);
            double before = high;
            high += part.ProfitHigh;
            low += CompensatedSum.LeftOut(before, part.ProfitHigh, high) + part.ProfitLow;
        }

        ref Node sum = ref nodes[firstOf[level + 1] + above];
        sum.Bound = bound;
        sum.Loss = loss;
        sum.ProfitHigh = high;
        sum.ProfitLow = low;
    }
}
