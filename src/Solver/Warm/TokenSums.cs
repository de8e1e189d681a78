using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace QTrade.Solver.Warm;

/// <summary>
/// What the pools do to each token, in a fixed tree of eight branches per token in the problem's order: changing some leaves costs their ways to the root and gives the same bits as summing anew. Kept flows, which
/// all but cancel, are summed in twice the precision.
/// </summary>
internal sealed class TokenSums
{
    private Leaf[] leaves = [];
    private Node[] nodes = [];
    private Tree[] trees = [];
    private Change[] changes = [];
    private int[] changed = [];
    private int count, changeCount, changedCount;

    /// <summary>What a pool does to one of its tokens: what it adds at its best, the edge's weight, what its kept flow adds, the same turned over. One vector, as they are summed side by side.</summary>
    private struct Leaf
    {
        public Vector256<double> Parts;
    }

    /// <summary>The same, summed, and what the additions left out.</summary>
    public struct Node
    {
        internal Vector256<double> Parts;
        internal Vector256<double> LeftOut;

        public readonly double Flow => Parts[0];

        public readonly double Weight => Parts[1];

        public readonly double BalanceHigh => Parts[2];

        public readonly double BalanceLow => LeftOut[2];

        public readonly double Gross => Parts[3];
    }

    /// <summary>Where a token's leaves and nodes lie, and how many of its leaves changed, the last of them first.</summary>
    private struct Tree
    {
        public int FirstLeaf;
        public int LeafCount;
        public int FirstNode;
        public int NodeCount;
        public int ChangeCount;
        public int LastChange;
    }

    /// <summary>A leaf that was set, and the token's change before.</summary>
    private readonly record struct Change(int Leaf, int Before);

    /// <summary>Lays the trees: token j has the leaves from <paramref name="first"/>[j] to before <paramref name="first"/>[j + 1]. All of them are to be set before the first <see cref="Update"/>.</summary>
    public void Begin(ReadOnlySpan<int> first, int tokens)
    {
        count = tokens;
        changeCount = changedCount = 0;
        if (trees.Length < tokens)
        {
            trees = new Tree[tokens];
            changed = new int[tokens];
        }

        int node = 0;
        for (int j = 0; j < tokens; j++)
        {
            int count = first[j + 1] - first[j], above = NodeCount(count);
            trees[j] = new() { FirstLeaf = first[j], LeafCount = count, FirstNode = node, NodeCount = above };
            node += above;
        }

        if (leaves.Length < first[tokens])
        {
            leaves = new Leaf[first[tokens]];
            changes = new Change[first[tokens]];
        }

        if (nodes.Length < node)
            nodes = new Node[node];
    }

    /// <summary>The sums of a token that has leaves, as of the last <see cref="Update"/>.</summary>
    public ref readonly Node Of(int token)
    {
        ref Tree tree = ref trees[token];
        return ref nodes[tree.FirstNode + tree.NodeCount - 1];
    }

    /// <summary>Sets a leaf. Before an <see cref="Update"/> it is to be entered as well, before <see cref="UpdateAll"/> not.</summary>
    public void Set(int leaf, double flow, double weight, double kept) => leaves[leaf].Parts = Vector256.Create(flow, weight, kept, Math.Abs(kept));

    /// <summary>Enters a leaf of a token that was set; a leaf at most once before the next <see cref="Update"/>.</summary>
    public void Enter(int token, int leaf)
    {
        ref Tree tree = ref trees[token];
        if (tree.ChangeCount++ == 0)
            changed[changedCount++] = token;
        changes[changeCount] = new(leaf, tree.LastChange);
        tree.LastChange = changeCount++;
    }

    /// <summary>Sums all tokens anew; answers those that have leaves, until the next <see cref="Enter"/>.</summary>
    public ReadOnlySpan<int> UpdateAll()
    {
        int number = 0;
        for (int j = 0; j < count; j++)
        {
            ref Tree tree = ref trees[j];
            if (tree.LeafCount == 0)
                continue;
            SumWhole(in tree);
            changed[number++] = j;
        }

        return changed.AsSpan(0, number);
    }

    /// <summary>Brings the sums of the tokens whose leaves were entered up to date; answers these tokens, until the next <see cref="Enter"/>.</summary>
    public ReadOnlySpan<int> Update()
    {
        ReadOnlySpan<int> tokens = changed.AsSpan(0, changedCount);
        foreach (int token in tokens)
        {
            ref Tree tree = ref trees[token];
            if (IsSummedWhole(in tree))
            {
                SumWhole(in tree);
            }
            else
            {
                for (int change = tree.LastChange; tree.ChangeCount > 0; tree.ChangeCount--)
                {
                    Climb(in tree, changes[change].Leaf);
                    change = changes[change].Before;
                }
            }

            tree.ChangeCount = 0;
        }

        changeCount = changedCount = 0;
        return tokens;
    }

    private static int NodeCount(int degree)
    {
        int total = 0;
        for (int width = degree; width > 0; width = width > EightfoldTree.Branches ? EightfoldTree.Above(width) : 0)
            total += EightfoldTree.Above(width);
        return total;
    }

    /// <summary>Whether summing all of a token's leaves costs no more than the ways of the changed ones.</summary>
    private static bool IsSummedWhole(in Tree tree) => tree.ChangeCount * (tree.NodeCount > 1 ? 2 : 1) >= EightfoldTree.Above(tree.LeafCount);

    private void SumWhole(in Tree tree)
    {
        int level = tree.FirstNode, width = EightfoldTree.Above(tree.LeafCount);
        for (int i = 0; i < width; i++)
            Sum(EightfoldTree.ChildrenOf(i, leaves, tree.FirstLeaf, tree.LeafCount), ref nodes[level + i]);
        while (width > 1)
        {
            int above = level + width, next = EightfoldTree.Above(width);
            for (int i = 0; i < next; i++)
                Sum(EightfoldTree.ChildrenOf(i, nodes, level, width), ref nodes[above + i]);
            (level, width) = (above, next);
        }
    }

    private void Climb(in Tree tree, int leaf)
    {
        int level = tree.FirstNode, width = EightfoldTree.Above(tree.LeafCount);
        int i = EightfoldTree.ParentOf(leaf - tree.FirstLeaf);
        Sum(EightfoldTree.ChildrenOf(i, leaves, tree.FirstLeaf, tree.LeafCount), ref nodes[level + i]);
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
        Vector256<double> high = Vector256<double>.Zero, low = Vector256<double>.Zero;
        foreach (ref readonly Leaf part in parts)
            low += Add(ref high, part.Parts);
        sum.Parts = high;
        sum.LeftOut = low;
    }

    private static void Sum(ReadOnlySpan<Node> parts, ref Node sum)
    {
        Vector256<double> high = Vector256<double>.Zero, low = Vector256<double>.Zero;
        foreach (ref readonly Node part in parts)
            low += Add(ref high, part.Parts) + part.LeftOut;
        sum.Parts = high;
        sum.LeftOut = low;
    }

    /// <summary>Adds; answers what the additions left out, as <see cref="Arithmetic.CompensatedSum.LeftOut"/> does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Add(ref Vector256<double> sum, Vector256<double> x)
    {
        Vector256<double> before = sum, after = before + x, part = after - before;
        sum = after;
        return (before - (after - part)) + (x - part);
    }
}
