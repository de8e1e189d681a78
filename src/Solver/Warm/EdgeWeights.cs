namespace QTrade.Solver.Warm;

/// <summary>
/// The weights of the pools of each token side by side, as ways are looked for over the hundreds of pools of a hub: with a bound on every eight of them, those too light to matter are passed over together. What is
/// found does not depend on how close the bounds are.
/// </summary>
internal sealed class EdgeWeights
{
    private const int Bits = 3;
    private const int Block = 1 << Bits;

    private double[] weights = [];
    private double[] bounds = [];

    public double this[int edge] => weights[edge];

    /// <summary>Makes room for so many edges, all of weight 0.</summary>
    public void Begin(int edges)
    {
        int blocks = (edges + Block - 1) >> Bits;
        if (bounds.Length < blocks)
        {
            weights = new double[blocks << Bits];
            bounds = new double[blocks];
        }

        Array.Clear(weights);
        Array.Clear(bounds);
    }

    /// <summary>Sets a weight; what is no number weighs nothing.</summary>
    public void Set(int edge, double weight)
    {
        weights[edge] = weight > 0 ? weight : 0;
        ref double bound = ref bounds[edge >> Bits];
        if (weight > bound)
            bound = weight;
    }

    /// <summary>The first edge from <paramref name="edge"/> on that is heavier than <paramref name="least"/>; <paramref name="end"/> where none before it is.</summary>
    public int Next(int edge, int end, double least)
    {
        while (edge < end)
        {
            if ((edge & (Block - 1)) == 0 && !IsAnyHeavier(edge >> Bits, least))
                edge += Block;
            else if (weights[edge] > least)
                return edge;
            else
                edge++;
        }

        return end;
    }

    /// <summary>Whether one of the block is heavier; brings its bound up to date where that does not tell.</summary>
    private bool IsAnyHeavier(int block, double least)
    {
        ref double bound = ref bounds[block];
        if (!(bound > least))
            return false;
        double heaviest = 0;
        foreach (double weight in weights.AsSpan(block << Bits, Block))
            heaviest = Math.Max(heaviest, weight);
        bound = heaviest;
        return heaviest > least;
    }
}
