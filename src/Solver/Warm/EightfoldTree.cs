namespace QTrade.Solver.Warm;

/// <summary>The shape of a session's sums: every node has eight children in a row, the last one of a level as many as are left.</summary>
internal static class EightfoldTree
{
    public const int Branches = 1 << Bits;
    private const int Bits = 3;

    /// <summary>Nodes above so many.</summary>
    public static int Above(int width) => (width + Branches - 1) >> Bits;

    public static int ParentOf(int child) => child >> Bits;

    /// <summary>The children of a node, among <paramref name="width"/> that begin at <paramref name="first"/>.</summary>
    public static Span<T> ChildrenOf<T>(int node, T[] all, int first, int width) =>
        all.AsSpan(first + (Branches * node), Math.Min(Branches, width - (Branches * node)));
}
