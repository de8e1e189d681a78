using QTrade.Solver.Arithmetic;

namespace QTrade.Solver.Warm;

/// <summary>
/// What every pool adds to the bound and to the profit, and what its kept flow loses against its best one, in a fixed binary tree in the problem's order: changing some leaves costs their
/// ways to the root and gives the same bits as summing anew.
/// </summary>
internal sealed class PoolSums
{
    private Node[] nodes = [];
    private int[] dirty = [];
    private int[] mark = [];
    private int count, dirtyCount, stamp;

    private struct Node
    {
        public double Bound;
        public double Loss;
        public DoubleDouble Profit;
    }

    /// <summary>Sum of the pools' arb.</summary>
    public double Bound => count > 0 ? nodes[1].Bound : 0;

    /// <summary>Sum of what the kept flows earn at the tokens' values.</summary>
    public DoubleDouble Profit => count > 0 ? nodes[1].Profit : DoubleDouble.Zero;

    public void Begin(int pools)
    {
        count = pools;
        dirtyCount = 0;
        if (mark.Length >= 2 * pools)
            return;
        nodes = new Node[2 * pools];
        mark = new int[2 * pools];
        dirty = new int[pools];
        stamp = 0;
    }

    /// <summary>Sets a leaf; a pool at most once before the next <see cref="Update"/>.</summary>
    public void Set(int pool, double bound, DoubleDouble profit, double loss)
    {
        ref Node node = ref nodes[count + pool];
        node.Bound = bound;
        node.Profit = profit;
        node.Loss = loss;
        dirty[dirtyCount++] = count + pool;
    }

    public void Update()
    {
        if (8L * dirtyCount > count)
        {
            for (int i = count - 1; i > 0; i--)
                Combine(i);
            dirtyCount = 0;
            return;
        }

        // Leaves lie at two depths: the deeper ones go up first, so that every inner node is combined after both its children.
        stamp++;
        int deepest = 0;
        for (int i = 0; i < dirtyCount; i++)
            deepest = Math.Max(deepest, dirty[i]);
        for (int level = HighestBit(deepest); level > 1; level >>= 1)
        {
            int kept = 0;
            for (int i = 0; i < dirtyCount; i++)
            {
                int node = dirty[i], above = node >> 1;
                if (node < level)
                {
                    dirty[kept++] = node;
                }
                else if (mark[above] != stamp)
                {
                    mark[above] = stamp;
                    Combine(above);
                    dirty[kept++] = above;
                }
            }

            dirtyCount = kept;
        }

        dirtyCount = 0;
    }

    /// <summary>Lists the pools whose loss is above <paramref name="least"/>, in order; answers how many, at most as many as fit.</summary>
    public int FindLosses(double least, Span<int> found)
    {
        int number = 0;
        Span<int> stack = stackalloc int[64];
        int depth = 0;
        if (count > 0)
            stack[depth++] = 1;
        while (depth > 0 && number < found.Length)
        {
            int i = stack[--depth];
            if (!(nodes[i].Loss > least))
                continue;
            if (i >= count)
            {
                found[number++] = i - count;
                continue;
            }

            stack[depth++] = (2 * i) + 1;
            stack[depth++] = 2 * i;
        }

        return number;
    }

    private void Combine(int i)
    {
        ref Node left = ref nodes[2 * i];
        ref Node right = ref nodes[(2 * i) + 1];
        nodes[i].Bound = left.Bound + right.Bound;
        nodes[i].Profit = left.Profit + right.Profit;
        nodes[i].Loss = Math.Max(left.Loss, right.Loss);
    }

    private static int HighestBit(int x) => 1 << (31 - System.Numerics.BitOperations.LeadingZeroCount((uint)x));
}
