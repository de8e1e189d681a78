using QTrade.Solver.Arithmetic;

namespace QTrade.Solver.Warm;

/// <summary>
/// What the pools do to each token, in a fixed tree of eight branches per token in the problem's order: changing some leaves costs their ways to the root and gives the same bits as summing anew. Kept flows, which
/// all but cancel, are summed in twice the precision.
/// </summary>
internal sealed class TokenSums
{
    private Leaf[] leaves = [];
    private Node[] nodes = [];
    private Change[] changes = [];
    private int[] firstLeaf = [], firstNode = [], changed = [];
    private int changeCount;

    /// <summary>What a pool does to one of its tokens: what it adds at its best, the edge's weight, what its kept flow adds.</summary>
    private struct Leaf
    {
        public double Flow;
        public double Weight;
        public double Kept;
    }

    /// <summary>The same, summed; and what the kept flows turn over.</summary>
    public struct Node
    {
        public double Flow;
        public double Weight;
        public double Gross;
        public double BalanceHigh;
        public double BalanceLow;
    }

    private readonly record struct Change(int Token, int Leaf);

    /// <summary>Lays the trees: token j has the leaves from <paramref name="first"/>[j] to before <paramref name="first"/>[j + 1]. All of them are to be set before the first <see cref="Update"/>.</summary>
    public void Begin(int[] first, int tokens)
    {
        firstLeaf = first;
        changeCount = 0;
        if (firstNode.Length <= tokens)
        {
            firstNode = new int[tokens + 1];
            changed = new int[tokens];
        }

        Array.Clear(changed);
        for (int j = 0; j < tokens; j++)
            firstNode[j + 1] = firstNode[j] + NodeCount(first[j + 1] - first[j]);
        if (leaves.Length < first[tokens])
        {
            leaves = new Leaf[first[tokens]];
            changes = new Change[first[tokens]];
        }

        if (nodes.Length < firstNode[tokens])
            nodes = new Node[firstNode[tokens]];
    }

    /// <summary>The sums of a token that has leaves, as of the last <see cref="Update"/>.</summary>
    public ref readonly Node Of(int token) => ref nodes[firstNode[token + 1] - 1];

    /// <summary>Sets a leaf of a token; a leaf at most once before the next <see cref="Update"/>.</summary>
    public void Set(int token, int leaf, double flow, double weight, double kept)
    {
        ref Leaf at = ref leaves[leaf];
        at.Flow = flow;
        at.Weight = weight;
        at.Kept = kept;
        changed[token]++;
        changes[changeCount++] = new(token, leaf);
    }

    /// <summary>Brings the sums of the tokens whose leaves were set up to date.</summary>
    public void Update()
    {
        for (int i = 0; i < changeCount; i++)
        {
            (int token, int leaf) = changes[i];
            if (changed[token] == 0)
                continue;
            if (IsSummedWhole(token))
            {
                changed[token] = 0;
                SumWhole(token);
            }
            else
            {
                Climb(token, leaf);
            }
        }

        for (int i = 0; i < changeCount; i++)
            changed[changes[i].Token] = 0;
        changeCount = 0;
    }

    private static int NodeCount(int degree)
    {
        int total = 0;
        for (int width = degree; width > 0; width = width > EightfoldTree.Branches ? EightfoldTree.Above(width) : 0)
            total += EightfoldTree.Above(width);
        return total;
    }

    /// <summary>Whether summing all of a token's leaves costs no more than the ways of the changed ones.</summary>
    private bool IsSummedWhole(int token) => changed[token] * (firstNode[token + 1] - firstNode[token] > 1 ? 2 : 1) >= EightfoldTree.Above(firstLeaf[token + 1] - firstLeaf[token]);

    private void SumWhole(int token)
    {
        int from = firstLeaf[token], left = firstLeaf[token + 1] - from, level = firstNode[token], width = EightfoldTree.Above(left);
        for (int i = 0; i < width; i++)
            Sum(EightfoldTree.ChildrenOf(i, leaves, from, left), ref nodes[level + i]);
        while (width > 1)
        {
            int above = level + width, next = EightfoldTree.Above(width);
            for (int i = 0; i < next; i++)
                Sum(EightfoldTree.ChildrenOf(i, nodes, level, width), ref nodes[above + i]);
            (level, width) = (above, next);
        }
    }

    private void Climb(int token, int leaf)
    {
        int from = firstLeaf[token], left = firstLeaf[token + 1] - from, level = firstNode[token], width = EightfoldTree.Above(left);
        int i = EightfoldTree.ParentOf(leaf - from);
        Sum(EightfoldTree.ChildrenOf(i, leaves, from, left), ref nodes[level + i]);
        while (width > 1)
        {
            int above = level + width, next = EightfoldTree.Above(width);
            i = EightfoldTree.ParentOf(i);
            Sum(EightfoldTree.ChildrenOf(i, nodes, level, width), ref nodes[above + i]);
            (level, width) = (above, next);
        }
    }

    private static void Sum(ReadOnlySpan<Leaf> parts, ref Node sum)
    {
        double flow = 0, weight = 0, gross = 0, high = 0, low = 0;
        foreach (ref readonly Leaf part in parts)
        {
            flow += part.Flow;
            weight += part.Weight;
            gross += Math.Abs(part.Kept);
            double before = high;
            high += part.Kept;
            low += CompensatedSums.LeftOut(before, part.Kept, high);
        }

        sum.Flow = flow;
        sum.Weight = weight;
        sum.Gross = gross;
        sum.BalanceHigh = high;
        sum.BalanceLow = low;
    }

    private static void Sum(ReadOnlySpan<Node> parts, ref Node sum)
    {
        double flow = 0, weight = 0, gross = 0, high = 0, low = 0;
        foreach (ref readonly Node part in parts)
        {
            flow += part.Flow;
            weight += part.Weight;
            gross += part.Gross;
            double before = high;
            high += part.BalanceHigh;
            low += CompensatedSums.LeftOut(before, part.BalanceHigh, high) + part.BalanceLow;
        }

        sum.Flow = flow;
        sum.Weight = weight;
        sum.Gross = gross;
        sum.BalanceHigh = high;
        sum.BalanceLow = low;
    }
}
