namespace QTrade.Solver.Discrete;

/// <summary>A part of all choices: its parent's with one pool more decided.</summary>
internal sealed class SearchNode(SearchNode? parent, int pool, Choice decision)
{
    /// <summary>Prices, one per node of the graph, that bound it.</summary>
    public double[] Prices { get; set; } = parent?.Prices ?? [];

    /// <summary>Whether these are the prices of every token, also of those that the relaxation leaves out.</summary>
    public bool IsPriced { get; set; } = parent?.IsPriced ?? false;

    /// <summary>The bound at these prices.</summary>
    public double Bound { get; set; } = parent?.Bound ?? double.PositiveInfinity;

    /// <summary>The barrier weight that its bounding ended with.</summary>
    public double Barrier { get; set; } = parent?.Barrier ?? 0;

    /// <summary>The pool to decide next, or -1 where nothing would come of it.</summary>
    public int Branch { get; set; } = -1;

    /// <summary>Writes what is decided, per pool.</summary>
    public void CopyChoice(Span<Choice> choice)
    {
        choice.Clear();
        for (SearchNode? node = this; node is not null; node = node.Parent)
        {
            if (node.Pool >= 0)
                choice[node.Pool] = node.Decision;
        }
    }

    private SearchNode? Parent { get; } = parent;

    private int Pool { get; } = pool;

    private Choice Decision { get; } = decision;
}
