namespace QTrade.Solver;

/// <summary>Numbers with keys, the least key first and of equal keys the least number (Williams, "Algorithm 232: Heapsort", 1964). Its arrays grow and are kept.</summary>
internal sealed class NodeHeap
{
    private double[] keys = [];
    private int[] nodes = [];

    public int Count { get; private set; }

    /// <summary>The least key.</summary>
    public double LeastKey => keys[0];

    public void Clear() => Count = 0;

    /// <summary>Makes room, so that as many pushes allocate nothing.</summary>
    public void Reserve(int count)
    {
        if (keys.Length < count)
        {
            Array.Resize(ref keys, count);
            Array.Resize(ref nodes, count);
        }
    }

    public void Push(double key, int node)
    {
        if (Count == keys.Length)
            Reserve(Math.Max(16, 2 * Count));
        int i = Count++;
        for (int parent = (i - 1) >> 1; i > 0 && Before(key, node, keys[parent], nodes[parent]); parent = (i - 1) >> 1)
        {
            (keys[i], nodes[i]) = (keys[parent], nodes[parent]);
            i = parent;
        }

        (keys[i], nodes[i]) = (key, node);
    }

    /// <summary>Takes the first out.</summary>
    public int Pop()
    {
        int top = nodes[0], last = --Count, i = 0;
        double key = keys[last];
        int node = nodes[last];
        for (int child = 1; child < Count; child = (2 * i) + 1)
        {
            if (child + 1 < Count && Before(keys[child + 1], nodes[child + 1], keys[child], nodes[child]))
                child++;
            if (!Before(keys[child], nodes[child], key, node))
                break;
            (keys[i], nodes[i]) = (keys[child], nodes[child]);
            i = child;
        }

        (keys[i], nodes[i]) = (key, node);
        return top;
    }

    private static bool Before(double key, int node, double otherKey, int otherNode) => key < otherKey || (key == otherKey && node < otherNode);
}
