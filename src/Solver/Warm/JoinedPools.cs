namespace QTrade.Solver.Warm;

/// <summary>The pools of a neighbourhood, how their ends are numbered among its tokens, and the system over these.</summary>
/// <param name="lanes">For the system.</param>
internal sealed class JoinedPools(DenseLaplacian lanes)
{
    /// <summary>Per pool of the neighbourhood: its number in the problem; its ends, -1 for a token outside.</summary>
    public int[] Pools { get; private set; } = [];

    public int[] First { get; private set; } = [];

    public int[] Second { get; private set; } = [];

    public int Count { get; set; }

    public LocalSystem System { get; } = new(lanes);

    public void Grow(int tokens, int pools)
    {
        (Pools, First, Second) = (new int[pools], new int[pools], new int[pools]);
        System.Grow(tokens, pools);
    }
}
