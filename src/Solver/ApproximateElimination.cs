using static QTrade.Solver.Growing;

namespace QTrade.Solver;

/// <summary>
/// An elimination of a grounded Laplacian that fills in nothing: of the clique that eliminating a token would leave among its neighbours a tree is kept, whose weights are in the mean those of the clique
/// (Kyng, Sachdeva, "Approximate Gaussian elimination for Laplacians", arXiv 1605.02353; the order and the trees as in Gao, Kyng, Spielman, "Robust and practical solution of Laplacian equations by
/// approximate elimination", arXiv 2303.00709). Its size is that of the graph, and how well it does for conjugate gradients hardly depends on how many orders the weights range over. The draws are the
/// same every time.
/// </summary>
internal sealed class ApproximateElimination
{
    /// <summary>A token's tie to what is held, among its neighbours.</summary>
    private const int Ground = -1;

    private int count;
    private int edgeCount;
    private ulong drawn;
    private int[] edgeLow = [], edgeHigh = [], edgeNext = [], firstEdge = [];
    private double[] edgeWeight = [], tie = [];
    private readonly DegreeBuckets waiting = new();
    private bool[] eliminated = [];

    // The neighbours of the token that is eliminated, and where each is among them.
    private int[] around = [], place = [];
    private double[] joins = [], upTo = [];

    // What was eliminated, in order, with the weights over its diagonal.
    private int[] order = [], start = [], row = [];
    private double[] part = [], diagonal = [];

    /// <param name="tokens">Number of tokens.</param>
    /// <param name="low">One end of every edge.</param>
    /// <param name="high">The other end.</param>
    /// <param name="weight">Its weight, >= 0.</param>
    /// <param name="excess">Per token what it is tied to the ground with; less than nothing counts as nothing.</param>
    public void Factor(int tokens, ReadOnlySpan<int> low, ReadOnlySpan<int> high, ReadOnlySpan<double> weight, ReadOnlySpan<double> excess)
    {
        count = tokens;
        Grow();
        waiting.Begin(count);
        edgeCount = 0;
        drawn = 0;
        for (int j = 0; j < count; j++)
        {
            (firstEdge[j], place[j], eliminated[j]) = (-1, -1, false);
            tie[j] = Math.Max(0, excess[j]);
        }

        for (int e = 0; e < low.Length; e++)
        {
            if (weight[e] > 0)
                Join(low[e], high[e], weight[e]);
        }

        waiting.PutAllIn();
        int end = 0;
        for (int k = 0; k < count; k++)
        {
            int pivot = waiting.Least();
            waiting.TakeOut(pivot);
            (order[k], start[k]) = (pivot, end);
            end = Eliminate(k, end);
        }

        start[count] = end;
    }

    /// <summary>Solves in place what was factored.</summary>
    public void Solve(Span<double> x)
    {
        for (int k = 0; k < count; k++)
        {
            double entry = x[order[k]];
            for (int p = start[k]; p < start[k + 1]; p++)
                x[row[p]] += part[p] * entry;
        }

        for (int k = count - 1; k >= 0; k--)
        {
            double sum = x[order[k]] / diagonal[k];
            for (int p = start[k]; p < start[k + 1]; p++)
                sum += part[p] * x[row[p]];
            x[order[k]] = sum;
        }
    }

    /// <summary>Takes a token out and lays a tree over its neighbours: each is joined to a heavier one, with a chance in proportion to how heavy that is.</summary>
    private int Eliminate(int k, int end)
    {
        int pivot = order[k];
        eliminated[pivot] = true;
        int size = Gather(pivot);
        if (tie[pivot] > 0)
            (around[size], joins[size++]) = (Ground, tie[pivot]);
        Array.Sort(joins, around, 0, size);
        double total = 0;
        for (int i = 0; i < size; i++)
            upTo[i] = total += joins[i];
        diagonal[k] = total > 0 ? total : 1;
        Reserve(ref row, end + size);
        Reserve(ref part, end + size);
        for (int i = 0; i < size; i++)
        {
            if (around[i] != Ground)
                (row[end], part[end++]) = (around[i], joins[i] / total);
        }

        for (int i = 0; i < size - 1; i++)
        {
            double rest = total - upTo[i], weight = joins[i] * (rest / total);
            if (weight > 0)
                JoinOrTie(around[i], around[Heavier(i, size, upTo[i] + (Draw() * rest))], weight);
        }

        for (int i = 0; i < size; i++)
        {
            if (around[i] != Ground)
                waiting.PutIn(around[i]);
        }

        return end;
    }

    /// <summary>The token's neighbours that are left, each once and out of its bucket.</summary>
    private int Gather(int pivot)
    {
        int size = 0;
        for (int link = firstEdge[pivot]; link >= 0; link = edgeNext[link])
        {
            int other = (link & 1) == 0 ? edgeHigh[link >> 1] : edgeLow[link >> 1];
            if (eliminated[other])
                continue;
            if (place[other] < 0)
            {
                waiting.TakeOut(other);
                place[other] = size;
                (around[size], joins[size++]) = (other, 0);
            }

            joins[place[other]] += edgeWeight[link >> 1];
            waiting.Part(other);
        }

        for (int i = 0; i < size; i++)
            place[around[i]] = -1;
        return size;
    }

    /// <summary>The first neighbour after i up to which the weights sum to more.</summary>
    private int Heavier(int i, int size, double sum)
    {
        int low = i + 1, high = size - 1;
        while (low < high)
        {
            int middle = (low + high) >> 1;
            if (upTo[middle] > sum)
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }

    private void JoinOrTie(int a, int b, double weight)
    {
        if (a == Ground)
            tie[b] += weight;
        else if (b == Ground)
            tie[a] += weight;
        else
            Join(a, b, weight);
    }

    private void Join(int a, int b, double weight)
    {
        int edge = edgeCount++;
        Reserve(ref edgeLow, edgeCount);
        Reserve(ref edgeHigh, edgeCount);
        Reserve(ref edgeWeight, edgeCount);
        Reserve(ref edgeNext, 2 * edgeCount);
        (edgeLow[edge], edgeHigh[edge], edgeWeight[edge]) = (a, b, weight);
        edgeNext[2 * edge] = firstEdge[a];
        firstEdge[a] = 2 * edge;
        edgeNext[(2 * edge) + 1] = firstEdge[b];
        firstEdge[b] = (2 * edge) + 1;
        waiting.Join(a);
        waiting.Join(b);
    }

    /// <summary>Uniform in [0, 1), by SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014).</summary>
    private double Draw()
    {
        ulong z = drawn += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
    }

    private void Grow()
    {
        if (order.Length >= count)
            return;
        int size = Math.Max(count, 2 * order.Length);
        (firstEdge, place, order) = (new int[size], new int[size], new int[size]);
        (start, around) = (new int[size + 1], new int[size + 1]);
        (tie, diagonal, joins, upTo) = (new double[size], new double[size], new double[size + 1], new double[size + 1]);
        eliminated = new bool[size];
    }
}
